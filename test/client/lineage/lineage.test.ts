import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lineage, type LineageQuestion, lineageOf } from "@wanlian/client/lineage";
import { KeptGraph } from "@wanlian/client/lineage/kept-graph.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { Db } from "@wanlian/client/read";
import { model1 } from "@wanlian/model/model-1/model.js";
import { expect } from "chai";
import { idOf, type StoredRelease, storeObjection, storeReleases } from "./stored-graph.js";

describe("the lineage of a release", () => {
  let directory: string;
  let db: Db;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-lineage-"));
    db = await openDatabase({ directory, url: undefined });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  const store = (releases: Record<number, StoredRelease>) =>
    storeReleases(db, new Map(Object.entries(releases).map(([number, one]) => [Number(number), one])));
  async function lineage(release: number, more: Omit<LineageQuestion, "release"> = {}): Promise<Lineage> {
    const found = await lineageOf(db, model1.reading, { release: idOf(release), ...more });
    if (found === undefined) throw new Error(`there is no release ${release}`);
    return found;
  }
  const steps = ({ releases }: Lineage) => releases.map(({ release, step }) => [Number.parseInt(release, 16), step]);
  const marks = ({ releases }: Lineage) =>
    Object.fromEntries(releases.map(({ release, mark }) => [Number.parseInt(release, 16), mark]));

  it("goes up to the sources and down to what was made of it, across departments", async () => {
    await store({
      1: { provider: "CivilMSP" },
      2: { provider: "PoliceMSP" },
      3: { provider: "HealthMSP", from: [1, 2] },
      4: { provider: "EducationMSP", from: [3] },
      5: { provider: "PoliceMSP", from: [2] },
    });
    const both = await lineage(3);
    expect(steps(both)).to.deep.equal([
      [1, -1],
      [2, -1],
      [3, 0],
      [4, 1],
    ]);
    expect(both.links).to.deep.equal([
      { from: idOf(1), to: idOf(3), how: "derived" },
      { from: idOf(2), to: idOf(3), how: "derived" },
      { from: idOf(3), to: idOf(4), how: "derived" },
    ]);
    expect(steps(await lineage(3, { direction: "up" })).map(([id]) => id)).to.deep.equal([1, 2, 3]);
    expect(steps(await lineage(3, { direction: "down" })).map(([id]) => id)).to.deep.equal([3, 4]);
  });

  it("says how many releases of how many departments lie behind what it shows", async () => {
    await store({
      1: { provider: "CivilMSP" },
      2: { provider: "PoliceMSP" },
      3: { provider: "CivilMSP" },
      4: { provider: "HealthMSP", from: [1, 2, 3] },
      5: { provider: "HealthMSP", from: [4] },
    });
    const cut = await lineage(5, { depth: 1 });
    expect(steps(cut).map(([id]) => id)).to.deep.equal([4, 5]);
    expect(cut.further).to.deep.equal({ up: { releases: 3, departments: 2 }, down: { releases: 0, departments: 0 } });
    const few = await lineage(4, { limit: 2 });
    expect(few.releases).to.have.length(2);
    expect([few.further.up.releases, few.further.down.releases]).to.deep.equal([2, 1]);
  });

  it("marks what rests on a release that was found wrong, however far, until it is made anew", async () => {
    await store({ 1: {}, 2: { from: [1] }, 3: { from: [2] }, 4: {} });
    expect(marks(await lineage(1))).to.deep.equal({ 1: "none", 2: "none", 3: "none" });
    const objection = await storeObjection(db, 90, 1, { status: "correcting", outcome: "substantiated" });
    const found = await lineage(1);
    expect(marks(found)).to.deep.equal({ 1: "wrong", 2: "affected", 3: "affected" });
    expect(found.objections.map(({ objection: id, open }) => [id, open])).to.deep.equal([[objection, true]]);
    expect(found.releases[2])
      .to.include({ outstanding: true })
      .and.deep.include({ restsOn: [idOf(2)] });
    await store({ 10: { revises: 1, objection }, 11: { revises: 2, from: [10] } });
    const corrected = await lineage(1);
    expect(marks(corrected)).to.deep.equal({ 1: "wrong", 2: "affected", 3: "affected", 10: "none", 11: "none" });
    const open = corrected.releases.filter(({ outstanding }) => outstanding).map(({ release }) => release);
    expect(open, "the third was made from the second, which was made anew").to.deep.equal([idOf(3)]);
    expect(corrected.releases.find(({ release }) => release === idOf(2))?.madeAnewBy).to.equal(idOf(11));
  });

  it("sees what is wrong behind what it shows", async () => {
    await store({ 1: {}, 2: { from: [1] }, 3: { from: [2] }, 4: { from: [3] } });
    await storeObjection(db, 90, 1, { status: "correcting", outcome: "partly" });
    const near = await lineage(4, { depth: 0 });
    expect([marks(near), near.complete]).to.deep.equal([{ 4: "affected" }, true]);
  });

  it("takes a release for made anew only if what took its place rests on nothing wrong", async () => {
    await store({ 1: { status: "withdrawn" }, 2: { from: [1] }, 3: { revises: 2, from: [1] } });
    const still = await lineage(2);
    expect(still.releases.map(({ outstanding, madeAnewBy }) => [outstanding, madeAnewBy])).to.deep.equal([
      [false, undefined],
      [true, undefined],
      [true, undefined],
    ]);
    await store({ 4: { revises: 3 } });
    expect((await lineage(2)).releases.find(({ release }) => release === idOf(2))?.madeAnewBy).to.equal(idOf(4));
  });

  it("tells an objection that is open from one that was upheld, and forgets one that was not", async () => {
    await store({ 1: {}, 2: { from: [1] } });
    await storeObjection(db, 90, 1, { status: "closed", outcome: "unsubstantiated" });
    expect(marks(await lineage(1))).to.deep.equal({ 1: "none", 2: "none" });
    await storeObjection(db, 91, 1, { status: "verifying" });
    expect(marks(await lineage(1))).to.deep.equal({ 1: "questioned", 2: "none" });
  });

  it("takes a correction that was not enough for wrong as well", async () => {
    await store({ 1: {}, 2: { revises: 1 }, 3: { from: [2] } });
    await storeObjection(db, 90, 1, { status: "correcting", outcome: "partly", corrections: [2] });
    expect(marks(await lineage(3, { direction: "up" }))).to.include({ 2: "wrong", 3: "affected" });
  });

  it("answers whatever the tables hold: a source that is not there, a circle, itself", async () => {
    await store({ 1: { from: [9] }, 2: { from: [3] }, 3: { from: [2] }, 4: { from: [4], revises: 4 } });
    expect(steps(await lineage(1))).to.deep.equal([[1, 0]]);
    expect(steps(await lineage(2)).map(([id]) => id)).to.have.members([2, 3]);
    expect(steps(await lineage(4))).to.deep.equal([[4, 0]]);
    await storeObjection(db, 90, 2, { status: "correcting", outcome: "partly" });
    expect(marks(await lineage(3))).to.deep.equal({ 2: "wrong", 3: "affected" });
    expect(await lineageOf(db, model1.reading, { release: idOf(99) })).to.equal(undefined);
  });

  it("is bounded in breadth", async () => {
    const many = new Map<number, StoredRelease>([[1, {}]]);
    for (let number = 2; number <= 1500; number += 1) many.set(number, { from: [1] });
    await storeReleases(db, many);
    const wide = await lineage(1);
    expect([wide.releases.length, wide.further.down]).to.deep.equal([1000, { releases: 500, departments: 1 }]);
  });

  it("looks at no more than it may, however many are asked about at once", async () => {
    const many = new Map<number, StoredRelease>();
    for (let number = 1; number <= 1200; number += 1) many.set(number, {});
    await storeReleases(db, many);
    const found = (await KeptGraph.of(db).now()).around([...many.keys()].map(idOf), 100);
    expect(found.known).to.have.property("size", 100);
    expect(found.complete).to.equal(false);
  });

  it("never takes as many as it looks at for all there are", async () => {
    const many = new Map<number, StoredRelease>([[1, {}]]);
    for (let number = 2; number <= 2002; number += 1) many.set(number, { from: [1] });
    await storeReleases(db, many);
    const wide = await lineage(1, { limit: 1 });
    expect(wide.further.down).to.deep.equal({ releases: 2000, departments: 1, more: true });
    expect(wide.further.up).to.deep.equal({ releases: 0, departments: 0 });
  });
});
