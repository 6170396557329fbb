import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pseudonyms } from "@wanlian/client/exchange";
import { compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { rowDigest } from "@wanlian/client/sheets/compared/keyed-digests.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import type { AccessRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { maskedFields, whyNotThis } from "@wanlian/verify/records/shown-answer.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";
import { grantInPart } from "./grant-in-part.js";

const FIELDS = ["code", "name", "id"];
const MASKS = [
  { field: "name", way: "partial" },
  { field: "id", way: "pseudonym" },
];

describe("a grant that shows data in part", () => {
  let world: ExchangeWorld;
  let masks: TransactionId;
  let filters: TransactionId;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    await world.conditional();
    masks = await granted({ masks: MASKS });
    filters = await granted({ filters: [{ field: "note", among: ["old"] }] });
  });
  after(() => world.remove());

  const granted = (shown: object) => grantInPart(world, FIELDS, shown);
  const reasonIn = (record: AccessRecord) => ("reason" in record ? record.reason : record.result);
  const desk = () => world.consumer.exchange.consumer;
  async function asked(grant: TransactionId, more: Partial<Ask> = {}) {
    const ask = world.ask(grant, { fields: FIELDS, subject: { code: "0371" }, ...more });
    const { filed, payload, proofs } = await desk().access(world.officer.signer, ask);
    return { reason: reasonIn(filed.signed.record), record: filed.signed.record, filed, payload, proofs };
  }
  const rowsOf = (payload: unknown) => (payload as { rows: string[][] } | undefined)?.rows;

  it("answers with masks, and proves of a row what is not masked", async () => {
    const { reason, payload, record, proofs, filed } = await asked(masks);
    expect(reason).to.equal("served");
    const [row] = rowsOf(payload) ?? [];
    expect(row?.slice(0, 2)).to.deep.equal(["0371", "宛**"]);
    expect(row?.[2]).to.match(/^[0-9a-f]{32}$/);
    const { key } = world.consumer.exchange.vault.read(filed.position);
    const { ledger } = world.consumer.exchange.options;
    const head = await ledger.head("release", world.release);
    const release = head && ledger.reading().release(head.state);
    const shown = { subject: { code: "0371" }, payload: payload as never, proofs: proofs as RowProof[] };
    const why = (fields: ReadonlySet<string>) => whyNotThis(record, key as never, shown, release, fields);
    expect(why(maskedFields({ masks: MASKS as never }))).to.equal(undefined);
    expect(why(new Set()), "nobody takes a mask for the release's own").to.have.property("en");
    expect(why(new Set(["id"])), "nor one mask of two").to.have.property("en");
  });

  it("gives one name to one value for one consumer and purpose", async () => {
    const one = rowsOf((await asked(masks)).payload)?.[0]?.[2];
    expect(rowsOf((await asked(masks)).payload)?.[0]?.[2]).to.equal(one);
  });

  it("is no way to try values of a masked field", async () => {
    for (const way of ["lookup", "verification"] as const) {
      const { reason, payload } = await asked(masks, { way, subject: { name: "宛城区" } });
      expect([reason, payload], way).to.deep.equal(["SHOWN_IN_PART", undefined]);
      expect((await asked(masks, { way })).reason, `${way} by what is shown`).to.equal("served");
    }
  });

  it("knows only the rows that it is of: the others are not there", async () => {
    expect(rowsOf((await asked(filters)).payload)).to.deep.equal([]);
    expect(rowsOf((await asked(filters, { subject: { code: "000" } })).payload)).to.have.length(1);
    expect((await asked(filters, { way: "verification" })).payload).to.deep.equal({ match: false });
    expect((await asked(filters, { way: "verification", subject: { code: "000" } })).payload).to.deep.equal({
      match: true,
    });
  });

  for (const name of ["masks", "filters"] as const) {
    const grant = () => ({ masks, filters })[name];
    it(`gives no whole release, whatever the road, and compares none: ${name}`, async () => {
      const { subject: _, ...ask } = world.ask(grant(), { fields: FIELDS, way: "download" });
      const reasons: unknown[] = [];
      for await (const part of downloadRelease(desk(), world.officer.signer, ask)) {
        expect(part.$case).to.equal("end");
        if (part.$case === "end") reasons.push(reasonIn(part.filed.signed.record));
      }
      for (const road of ["file", "platform"] as const) {
        const { filed } = await desk().access(world.officer.signer, { ...ask, road });
        reasons.push(reasonIn(filed.signed.record));
        reasons.push((await asked(grant(), { road })).reason);
      }
      const key = randomDigest();
      const rows = rowDigest(Buffer.from(key, "hex"), ["0371"]).toString("base64");
      const { way: _way, road: _road, ...rest } = ask;
      const parts = compareWithRelease(desk(), world.officer.signer, {
        ...rest,
        by: ["code"],
        compared: { key, rows },
      });
      for await (const part of parts) if (part.$case === "end") reasons.push(reasonIn(part.filed.signed.record));
      expect(new Set(reasons)).to.deep.equal(new Set(["SHOWN_IN_PART"]));
    });
  }
});

describe("pseudonyms", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-pseudonyms-"));
  });
  after(() => rm(dir, { recursive: true }));
  const who = { consumer: "HealthMSP", purpose: "analysis", dataset: "CivilMSP/d" };

  it("stay over restarts, and are others for another consumer, purpose, dataset, field or value", async () => {
    const file = join(dir, "key");
    const name = (await Pseudonyms.open(file)).of(who, "id", "1");
    const again = await Pseudonyms.open(file);
    expect(again.of(who, "id", "1")).to.equal(name);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const others = [
      again.of({ ...who, consumer: "PoliceMSP" }, "id", "1"),
      again.of({ ...who, purpose: "lookup" }, "id", "1"),
      again.of({ ...who, dataset: "CivilMSP/e" }, "id", "1"),
      again.of(who, "code", "1"),
      again.of(who, "id", "2"),
      (await Pseudonyms.open(join(dir, "other"))).of(who, "id", "1"),
    ];
    expect(new Set([name, ...others]).size).to.equal(7);
  });

  it("are not made with half a key", async () => {
    await writeFile(join(dir, "half"), "x");
    const refusal = await Pseudonyms.open(join(dir, "half")).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(refusal).to.equal("STORE_FAILED");
  });
});

describe("a look-up under a row filter, where many rows of one subject are not shown", () => {
  const OTHERS = 3000;
  let world: ExchangeWorld;
  before(async () => {
    const rows = Array.from({ length: OTHERS }, (_, at) => `0371,宛城区,${at},elsewhere`);
    const own = ["0371,宛城区,9,here", "0371,宛城区,10,here", "0371,宛城区,x,here"];
    world = await makeExchangeWorld({ model: 2, csv: ["code,name,id,note", ...rows, ...own, ""].join("\n") });
    await world.conditional();
  });
  after(() => world.remove());

  async function asked(filters: object, way: "lookup" | "verification" = "lookup") {
    const { dataset, purpose, scenario } = world.ask("" as TransactionId);
    const period = { from: "2026-03-02", to: "2026-03-31", frequency: { calls: 1000, per: "day" } };
    const fields = ["code", "id"];
    const wish = { dataset, kind: "ordinary", fields, purpose, scenario, duty: "duty", ...period };
    const grant = await world.act(world.officer, { noun: "application", case: null, type: "apply", body: wish });
    const body = { dataset, fields, ...period, filters };
    await world.act(world.steward, { noun: "application", case: grant, type: "grant", body });
    const ask = world.ask(grant, { fields, way, subject: { code: "0371" } });
    return (await world.consumer.exchange.consumer.access(world.officer.signer, ask)).payload;
  }
  const idsOf = (payload: unknown) => (payload as { rows: string[][] }).rows.map(([, id]) => id);

  it("gives those that are shown however far back they stand, and does not say that there are more", async () => {
    const payload = await asked([{ field: "note", among: ["here"] }]);
    expect(idsOf(payload)).to.deep.equal(["9", "10", "x"]);
    expect(payload).to.include({ more: false });
    expect(await asked([{ field: "note", among: ["nowhere"] }])).to.include({ more: false });
    expect(await asked([{ field: "note", among: ["elsewhere"] }])).to.include({ more: true });
    expect(await asked([{ field: "note", among: ["here"] }], "verification")).to.deep.equal({ match: true });
    expect(await asked([{ field: "note", among: ["nowhere"] }], "verification")).to.deep.equal({ match: false });
  });

  it("compares what the grant says: texts by their letters, numbers by what they are", async () => {
    const here = { field: "note", among: ["here"] };
    expect(idsOf(await asked([here, { field: "id", least: "9" }]))).to.deep.equal(["9", "x"]);
    expect(idsOf(await asked([here, { field: "id", compares: "numbers", least: "9" }]))).to.deep.equal(["9", "10"]);
    expect(idsOf(await asked([here, { field: "id", compares: "numbers", most: "9.5" }]))).to.deep.equal(["9"]);
    expect(idsOf(await asked([here, { field: "id", compares: "numbers", among: ["10.0"] }]))).to.deep.equal(["10"]);
  });
});
