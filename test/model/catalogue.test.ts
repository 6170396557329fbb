import { model1 } from "@wanlian/model/model-1/model.js";
import { expect } from "chai";
import { CIVIL, DIVISIONS, digest, divisions, HEALTH, note, open, POLICE, release } from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");

describe("dataset", () => {
  const register = (world: World, change: object) =>
    world.refusal(steward, { noun: "dataset", type: "register", body: { ...divisions, ...change } }).code;

  it("states its legal basis where it is withheld or shared on conditions, from the register", () => {
    const world = World.opened();
    const share = (change: object) => ({ share: { mode: "file", ...change } });
    expect(register(world, share({ class: "conditional" }))).to.equal("NO_LEGAL_BASIS");
    expect(register(world, share({ class: "withheld" }))).to.equal("NO_LEGAL_BASIS");
    expect(register(world, share({ class: "withheld", basis: "hearsay" }))).to.equal("NO_LEGAL_BASIS");
    expect(register(world, share({ class: "secret" }))).to.equal("INVALID_INPUT");
    world.act(steward, { noun: "dataset", type: "register", body: open });
  });

  it("belongs to who registered it: nobody else revises or withdraws it, or takes its id", () => {
    const world = World.withDataset(divisions);
    const { code: _code, ...content } = divisions;
    const revise = { noun: "dataset", type: "revise", case: DIVISIONS, body: { ...content, changes: "x" } } as const;
    expect(world.refusal(officer(POLICE), revise).code).to.equal("NOT_OWNER");
    expect(register(world, {})).to.equal("ALREADY_EXISTS");
    const mine = world.act(officer(POLICE), { noun: "dataset", type: "register", body: divisions });
    expect(mine.case).to.equal(`${POLICE}/divisions`);
    const claimed = { noun: "dataset", type: "register", case: DIVISIONS, body: divisions } as const;
    expect(world.refusal(officer(POLICE), claimed).code).to.equal("NOT_OWNER");
  });

  it("keeps its versions: each revision is an act, and releases say which one they follow", () => {
    const world = World.withDataset(divisions);
    const { code: _code, ...content } = divisions;
    world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body: { ...content, changes: "x" } });
    expect(world.state("dataset", DIVISIONS).version).to.equal(2);
    const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
    expect(world.state("release", id).version).to.equal(2);
  });

  it("is found by name, abstract, category, source and fields", () => {
    const world = World.withDataset(divisions);
    const { dataset } = model1.nouns;
    const state = world.state("dataset", DIVISIONS);
    const searchText = dataset?.describe({ noun: "dataset", case: DIVISIONS }, state, divisions).searchText;
    for (const word of ["division codes", "county", "区划", "register", "level"]) expect(searchText).to.contain(word);
    expect(dataset?.describe({ noun: "dataset", case: DIVISIONS }, state, {})).not.to.have.property("searchText");
  });

  it("is bounded: fields, names, sizes, characters", () => {
    const world = World.opened();
    const [field] = divisions.fields;
    const fields = (count: number, meaning = "m") => ({
      fields: Array.from({ length: count }, (_, at) => ({ ...field, name: `f${at}`, meaning })),
    });
    expect(register(world, fields(321))).to.equal("INVALID_INPUT");
    expect(register(world, fields(320, "m".repeat(300)))).to.equal("TOO_LARGE");
    expect(register(world, { fields: [field, field] })).to.equal("INVALID_INPUT");
    expect(register(world, { fields: [] })).to.equal("INVALID_INPUT");
    expect(register(world, { name: "a\u001b[2Jb" })).to.equal("INVALID_INPUT");
    expect(register(world, { name: "a\u202eb" })).to.equal("INVALID_INPUT");
    expect(register(world, { name: "" })).to.equal("INVALID_INPUT");
    expect(register(world, { name: "\ud800" })).to.equal("INVALID_INPUT");
    expect(register(world, { code: "../x" })).to.equal("INVALID_INPUT");
    expect(register(world, { grade: 1.5 })).to.equal("INVALID_INPUT");
    expect(register(world, { grade: 5 })).to.equal("INVALID_INPUT");
    expect(register(world, { extra: true })).to.equal("INVALID_INPUT");
    world.act(steward, { noun: "dataset", type: "register", body: { ...divisions, ...fields(312) } });
  });
});

describe("release", () => {
  const register = (world: World, change: object, actor = steward) =>
    world.refusal(actor, { noun: "release", type: "register", body: { ...release, ...change } }).code;

  it("is the provider's, of a registered dataset, with a digest for each of its fields and their root", () => {
    const world = World.withDataset(divisions);
    expect(register(world, {}, officer(POLICE))).to.equal("NOT_OWNER");
    expect(register(world, { dataset: `${CIVIL}/none` })).to.equal("NOT_FOUND");
    expect(register(world, { root: digest("0") })).to.equal("BAD_PROOF");
    expect(register(world, { fields: release.fields.slice(1) })).to.equal("MISMATCH");
    expect(register(world, { fields: [...release.fields].reverse() })).to.equal("MISMATCH");
    expect(register(world, { rows: -1 })).to.equal("INVALID_INPUT");
    expect(register(world, { period: { from: "2022-12-31", to: "2022-01-01" } })).to.equal("INVALID_INPUT");
  });

  it("derives only from releases that exist, and revises only one of its own dataset", () => {
    const world = World.withDataset(divisions);
    world.act(steward, { noun: "dataset", type: "register", body: open });
    const { case: other } = world.act(steward, {
      noun: "release",
      type: "register",
      body: { ...release, dataset: `${CIVIL}/holidays` },
    });
    expect(register(world, { derivedFrom: [digest("d")] })).to.equal("NOT_FOUND");
    expect(register(world, { revises: other })).to.equal("MISMATCH");
    expect(register(world, { objection: digest("d") })).to.equal("NOT_FOUND");
    const derived = { ...release, derivedFrom: [other] };
    const { case: id } = world.act(steward, { noun: "release", type: "register", body: derived });
    const description = model1.nouns.release?.describe(
      { noun: "release", case: id },
      world.state("release", id),
      derived,
    );
    expect(description?.references).to.deep.include({ noun: "release", case: other });
  });
});

describe("suggestion", () => {
  it("is answered by the provider within its time", () => {
    const world = World.withDataset(divisions);
    const make = { noun: "suggestion", type: "make", body: { dataset: DIVISIONS, suggestion: note } } as const;
    expect(world.refusal(officer(CIVIL), make).code).to.equal("INVALID_INPUT");
    const { case: id } = world.act(user, make);
    expect(world.state("suggestion", id).deadlines[0]).to.include({ due: "2026-10-10T15:59:59Z" });
    const answer = { noun: "suggestion", type: "answer", case: id } as const;
    world.act(steward, { ...answer, body: { decision: "declined", reasons: note } });
    expect(world.refusal(steward, { ...answer, body: { decision: "adopted", reasons: note } }).code).to.equal(
      "WRONG_STATE",
    );
  });
});

describe("demand", () => {
  it("is matched with a registered dataset of the department it asks", () => {
    const world = World.withDataset(divisions);
    const wanted = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
    expect(world.refusal(officer(CIVIL), { noun: "demand", type: "publish", body: wanted }).code).to.equal(
      "INVALID_INPUT",
    );
    const { case: id } = world.act(user, { noun: "demand", type: "publish", body: wanted });
    const match = (dataset: string) => ({ noun: "demand", type: "match", case: id, body: { dataset } }) as const;
    expect(world.refusal(steward, match(`${POLICE}/x`)).code).to.equal("NOT_OWNER");
    expect(world.refusal(steward, match(`${CIVIL}/x`)).code).to.equal("NOT_FOUND");
    world.act(steward, match(DIVISIONS));
    expect(world.state("demand", id)).to.include({ status: "matched", dataset: DIVISIONS });
  });
});
