import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AuditedRecord } from "@wanlian/client/audit/log-reading.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { recordRefused } from "@wanlian/client/running/refused-filings.js";
import type { Refusal } from "@wanlian/client/submission/refusal.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import type { ApplicationState } from "@wanlian/model/model-1/application/application-schema.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { type AccessRecord, encodeEntry, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { readRecord } from "@wanlian/verify/records/log-entry.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import {
  BUREAU,
  CHANNEL_NAME,
  CONSUMER,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  passTime,
  type Side,
} from "../exchange/exchange-world.js";
import { anchor, gather, kindsOf, makeAuditor, rewriteLog, type TestAuditor } from "./audit-world.js";

describe("audit of both sides' logs", () => {
  let world: ExchangeWorld;
  let auditor: TestAuditor;
  let grant: TransactionId;
  beforeEach(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
    auditor = await makeAuditor(world, "9100");
    for (let i = 0; i < 3; i += 1) await access();
    await world.consumer.exchange.receipts.settled();
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
  });
  afterEach(() => world.remove());

  const access = async (): Promise<AccessRecord> => {
    const ask = world.ask(grant, { subject: { code: "0371" } });
    return (await world.consumer.exchange.consumer.access(world.officer.signer, ask)).filed.signed.record;
  };

  it("finds nothing where nothing is wrong, in logs that are complete, its own questions among them", async () => {
    await access();
    const parts = [];
    for await (const part of downloadRelease(
      world.consumer.exchange.consumer,
      world.officer.signer,
      world.ask(grant, { way: "download" }),
    ))
      parts.push(part);
    await world.consumer.exchange.receipts.settled();
    await auditor.run();
    const { findings, records, logs } = await auditor.run();
    expect(findings).to.deep.equal([]);
    expect(records.length, "each access once, whichever log it was seen in").to.equal(6);
    const both = {
      state: "read",
      answers: true,
      size: 8,
      position: 8,
      records: 6,
      questions: 2,
      filings: 0,
      calls: 0,
      leftOut: 0,
      unreadable: 0,
    };
    expect(logs.map(({ note: _, ...log }) => log)).to.deep.equal([
      { department: PROVIDER, ...both },
      { department: CONSUMER, ...both },
    ]);
  });

  it("a provider that drops a record", async () => {
    const dropped = await access();
    await world.consumer.exchange.receipts.settled();
    await rewriteLog(world.provider, (entries) => entries.filter((entry) => !isRecord(entry, dropped)));
    expect(await auditor.findings()).to.deep.equal([`RECORD_DROPPED ${PROVIDER}`]);
  });

  it("a provider that rewrites its log from an earlier point", async () => {
    await rewriteLog(world.provider, (entries) => [...entries.slice(1), ...entries.slice(0, 1)]);
    expect(await auditor.findings()).to.deep.equal([`LOG_REWRITTEN ${PROVIDER}`]);
  });

  it("a provider whose log is shorter than it was", async () => {
    await rewriteLog(world.provider, (entries) => entries.slice(0, 1));
    expect(await auditor.findings()).to.deep.equal([
      `LOG_SHRANK ${PROVIDER}`,
      `RECORD_DROPPED ${PROVIDER}`,
      `RECORD_DROPPED ${PROVIDER}`,
    ]);
  });

  it("a provider that invents an access", async () => {
    const model = await access();
    await world.consumer.exchange.receipts.settled();
    // The best it can do: sign in the consumer's name with a key of its own.
    const { nodeSigner, department } = world.provider.exchange.options;
    const own = await world.ledger.officer(department, "3001", "user");
    const certificate = Certificate.fromPem(own.signer.certificate);
    await world.provider.exchange.certificates.keep(certificate);
    const request = { ...model.request, nonce: randomDigest(), certificate: certificate.fingerprint as Digest };
    const requestSignature = await signStatement("access-request", request, own.signer);
    const record = { ...model, request, requestSignature, nonce: randomDigest() };
    const signature = await signStatement("access-record", record, nodeSigner);
    await world.provider.exchange.records.append({ record, signature });
    expect(await auditor.findings()).to.deep.equal([`REQUEST_FORGED ${PROVIDER}`]);
  });

  it("a consumer that alters a record, and keeps its own version", async () => {
    await rewriteLog(world.consumer, (entries) => {
      const signed = readRecord(entries[0] as Uint8Array);
      if (signed === undefined) throw new Error("no record");
      return [encodeEntry({ ...signed, record: { ...signed.record, rows: 7 } as AccessRecord }), ...entries.slice(1)];
    });
    expect(await auditor.findings()).to.deep.equal([
      `LOG_REWRITTEN ${CONSUMER}`,
      `RECORD_DROPPED ${CONSUMER}`,
      `RECORD_FORGED ${CONSUMER}`,
    ]);
  });

  describe("a record that the provider's node did not sign", () => {
    /** As the provider's node would put it into its log, and the consumer's, if both were in it together. */
    const append = async (change: Partial<AccessRecord>, ...sides: Side[]) => {
      const model = readRecord(await firstEntry()) as SignedRecord;
      const { request, ...rest } = model.record;
      const asked = { ...request, nonce: randomDigest(), ...(change.request ?? {}) };
      const requestSignature = await signStatement("access-request", asked, world.officer.signer);
      const record = { ...rest, ...change, request: asked, requestSignature, nonce: randomDigest() } as AccessRecord;
      for (const side of sides) await side.exchange.records.append({ record, signature: model.signature });
    };
    const firstEntry = () => world.provider.exchange.records.reader().record(0);
    const NO_GRANT = "ab".repeat(32) as TransactionId;

    it("is found in the one log that has it, and nobody is blamed for lacking it", async () => {
      await append({}, world.provider);
      await append({}, world.consumer);
      expect(await auditor.findings()).to.deep.equal([`RECORD_FORGED ${PROVIDER}`, `RECORD_FORGED ${CONSUMER}`]);
    });

    it("is each party's own word in its log where both have it, under trees that both signed", async () => {
      await append({}, world.provider, world.consumer);
      expect(await auditor.findings()).to.deep.equal([]);
    });

    it("is found in both where anything else is found of it", async () => {
      const request = { ...(readRecord(await firstEntry()) as SignedRecord).record.request, grant: NO_GRANT };
      await append({ request }, world.provider, world.consumer);
      expect(await auditor.findings()).to.deep.equal([
        `NOT_GRANTED ${PROVIDER}`,
        `RECORD_FORGED ${PROVIDER}`,
        `RECORD_FORGED ${CONSUMER}`,
      ]);
    });

    it("is found by an audit that broke off after all was read, too", async () => {
      await append({}, world.consumer);
      const events = auditor.events();
      let id = "";
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        if (next.value.kind === "begun") id = next.value.audit;
        if (next.value.kind === "progress" && next.value.logs.every(({ state }) => state === "read")) break;
      }
      await events.return();
      expect(kindsOf(await gather(auditor.events({}, id)))).to.deep.equal([`RECORD_FORGED ${CONSUMER}`]);
    });
  });

  it("keeps what an audit under way has for its own node alone", async () => {
    const umask = process.umask(0o022);
    try {
      const events = auditor.events();
      let id = "";
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        if (next.value.kind === "begun") id = next.value.audit;
        if (next.value.kind === "progress" && next.value.logs.every(({ state }) => state === "read")) break;
      }
      await events.return();
      const folder = join(auditor.parts.dir, id);
      const names = await readdir(folder, { recursive: true });
      expect(names).to.include.members(["state.json", "findings.ndjson", "marks"]);
      for (const name of ["", ...names]) {
        expect((await stat(join(folder, name))).mode & 0o077, name).to.equal(0);
      }
      expect(names.filter((name) => name.startsWith("marks/"))).not.to.deep.equal([]);
    } finally {
      process.umask(umask);
    }
  });

  it("a provider that serves after the revocation and pleads an old height", async () => {
    const { view } = world.provider;
    const old = view.position();
    const granted = await view.head("application", grant);
    if (granted === undefined) throw new Error("no grant");
    const body = { reasons: { digest: "cd".repeat(32) } };
    await world.act(world.steward, { noun: "application", case: grant, type: "suspend", body });
    await anchor(world, world.provider);
    view.pretended.set(grant, granted);
    // The consumer asks from where the ledger was; both could be in it together.
    world.consumer.view.shown = old;
    view.shown = old;
    await access();
    world.consumer.view.shown = undefined;
    view.shown = undefined;
    await world.consumer.exchange.receipts.settled();
    expect(await auditor.findings()).to.deep.equal([`NOT_GRANTED ${PROVIDER}`, `OLD_HEIGHT ${PROVIDER}`]);
  });

  it("a provider that serves what was never granted", async () => {
    const { view } = world.provider;
    const granted = await view.head("application", grant);
    if (granted === undefined) throw new Error("no grant");
    const state = granted.state as ApplicationState;
    const fields = ["code", "name", "id"] as typeof state.wish.fields;
    view.pretended.set(grant, { ...granted, state: { ...state, grant: { ...state.grant, fields } } as never });
    const ask = world.ask(grant, { subject: { code: "0371" }, fields: ["id"] });
    const { filed } = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    expect(filed.signed.record.result).to.equal("served");
    await world.consumer.exchange.receipts.settled();
    expect(await auditor.findings()).to.deep.equal([`NOT_GRANTED ${PROVIDER}`]);
  });

  it("a consumer that never countersigns", async () => {
    const signed = await world.consumer.exchange.consumer.sign(
      world.officer.signer,
      world.ask(grant, { subject: { code: "0371" } }),
    );
    await world.consumer.exchange.connections.json(PROVIDER, "/exchange/v1/access", signed);
    expect(await auditor.findings()).to.deep.equal([`NOT_COUNTERSIGNED ${CONSUMER}`]);
  });

  it("an anchor that is late, a node that does not answer, a stream that was never closed", async () => {
    await passTime(world, "2026-03-02T06:00:00Z");
    expect(await auditor.findings()).to.deep.equal([`ANCHOR_LATE ${PROVIDER}`, `ANCHOR_LATE ${CONSUMER}`].sort());
    const address = world.addresses.get(CONSUMER) as string;
    world.addresses.set(CONSUMER, "127.0.0.1:1");
    await anchor(world, world.provider);
    expect(await auditor.findings()).to.deep.equal([`NOT_SHOWN ${CONSUMER}`]);
    world.addresses.set(CONSUMER, address);
  });

  describe("refused filings", () => {
    const officer = "0202";
    const refuse = async (more: Partial<Refusal> = {}) =>
      recordRefused(world.provider.exchange, {
        officer: `${PROVIDER}/${officer}`,
        certificate: world.steward.signer.certificate,
        command: { noun: "application", case: grant, type: "suspend", body: { reasons: { digest: "cd".repeat(32) } } },
        code: "WRONG_STATE",
        ...more,
      });

    it("are told with who, what and why, and are no finding", async () => {
      await refuse();
      await refuse({ code: "VOID", reason: "NOT_ALLOWED", transactionId: "ab".repeat(32) });
      const { filings, findings, logs } = await auditor.run();
      expect(findings).to.deep.equal([]);
      expect(logs[0]).to.include({ department: PROVIDER, filings: 2, records: 3, leftOut: 0, unreadable: 0 });
      const { height, time } = world.provider.view.position();
      const certificate = Certificate.fromPem(world.steward.signer.certificate).fingerprint;
      expect(filings.map(({ position, filing }) => ({ position, ...filing }))[0]).to.deep.equal({
        position: 3,
        ...{ schema: 1, kind: "filing", channel: CHANNEL_NAME, department: PROVIDER, officer, certificate },
        ...{ noun: "application", case: grant, command: "suspend", code: "WRONG_STATE", ledger: { height, time } },
        body: createHash("sha256")
          .update(`{"reasons":{"digest":"${"cd".repeat(32)}"}}`)
          .digest("hex"),
      });
      expect(filings[1]?.filing).to.include({ code: "VOID", reason: "NOT_ALLOWED", transaction: "ab".repeat(32) });
      expect(await world.provider.exchange.certificates.read(certificate as Digest)).to.include("BEGIN CERTIFICATE");
    });

    const filters: readonly [string, object, number][] = [
      ["its officer", { officer }, 1],
      ["another officer", { officer: "4711" }, 0],
      ["its department", { consumer: PROVIDER }, 1],
      ["another department", { consumer: CONSUMER }, 0],
      ["a provider: of accesses alone", { provider: PROVIDER }, 0],
      ["a time before", { until: "2026-01-01T00:00:00Z" }, 0],
      ["a time after", { since: "2027-01-01T00:00:00Z" }, 0],
    ];
    it("are taken by filters", async () => {
      await refuse();
      const taken: [string, number][] = [];
      for (const [what, filter] of filters) taken.push([what, (await auditor.run({ filter })).filings.length]);
      expect(taken).to.deep.equal(filters.map(([what, , many]) => [what, many]));
      expect((await auditor.run({ filter: { grant } })).filings.length, "its case").to.equal(1);
      expect((await auditor.run({ show: "findings" })).filings.length).to.equal(0);
    });
  });

  it("asks every department involved, whoever was named", async () => {
    const { logs, findings } = await auditor.run({ departments: [CONSUMER] });
    expect(logs.map(({ department, state }) => [department, state])).to.deep.equal([
      [CONSUMER, "read"],
      [PROVIDER, "read"],
    ]);
    expect(findings).to.deep.equal([]);
  });

  it("tells the records that a filter takes, and compares all", async () => {
    const dropped = await access();
    await world.consumer.exchange.receipts.settled();
    await rewriteLog(world.provider, (entries) => entries.filter((entry) => !isRecord(entry, dropped)));
    const { records, findings } = await auditor.run({ filter: { officer: "9999" as never } });
    expect(records).to.deep.equal([]);
    expect(kindsOf({ findings })).to.deep.equal([`RECORD_DROPPED ${PROVIDER}`]);
    expect((await auditor.run({ show: "findings" })).records).to.deep.equal([]);
  });

  describe("is answered", () => {
    const codeOf = async (act: Promise<unknown>) => {
      const error = await act.then(
        () => undefined,
        (cause: unknown) => cause as { details?: { code?: string } },
      );
      return error?.details?.code ?? "answered";
    };
    const mandated = (who: TestAuditor, mandate = who.mandate) => ({ signer: who.officer.signer, mandate, filter: {} });
    const ask = (who: TestAuditor, mandate = who.mandate) => who.auditor.ask(mandated(who, mandate), PROVIDER);

    it("only to the auditor whom the mandate names, while it is in force", async () => {
      const other = await makeAuditor(world, "9102");
      expect(await codeOf(ask(auditor))).to.equal("answered");
      expect(await codeOf(ask(auditor, other.mandate))).to.equal("NOT_PERMITTED");
      expect(await codeOf(ask(auditor, grant))).to.equal("NOT_PERMITTED");
      const log = await ask(auditor);
      const administrator = await world.ledger.officer("BureauMSP", "9001", "administrator");
      await world.act(administrator, { noun: "mandate", case: auditor.mandate, type: "revoke", body: {} });
      expect(await codeOf(ask(auditor))).to.equal("NOT_PERMITTED");
      expect(await codeOf(log.entryAt(0)), "a question under way").to.equal("NOT_PERMITTED");
    });

    it("though its node was started anew and has forgotten the question: it is put again, for the same tree", async () => {
      const log = await ask(auditor);
      const { size } = world.provider.exchange.log;
      await passTime(world, "2026-03-02T06:00:00Z");
      await world.provider.restart();
      expect((await log.entryAt(0)).entry).not.to.equal(undefined);
      expect(log.head.size).to.equal(size);
      expect(world.provider.exchange.log.size).to.equal(size + 1);
    });

    it("with the hashes alone of what is outside of the mandate", async () => {
      const elsewhere = await makeAuditor(world, "9103", [BUREAU]);
      const { records, logs, findings } = await elsewhere.run({ departments: [PROVIDER] });
      expect(records).to.deep.equal([]);
      expect(logs).to.have.lengthOf(1);
      expect(logs[0]).to.include({ state: "read", size: 4, leftOut: 4, records: 0 });
      expect(findings).to.deep.equal([]);
    });

    it("with one record and the key that opens it, where the mandate covers it", async () => {
      const { records } = await auditor.run();
      const [{ id }] = records as [AuditedRecord];
      const [own, others] = await Promise.all(
        [PROVIDER, CONSUMER].map((node) => auditor.auditor.record(mandated(auditor), node, id)),
      );
      expect(own?.key).to.match(/^[0-9a-f]{64}$/);
      expect(own?.key).to.equal(others?.key);
      expect(own?.receipt?.signature).to.equal(others?.receipt?.signature);
      const elsewhere = await makeAuditor(world, "9104", [BUREAU]);
      expect(await codeOf(elsewhere.auditor.record(mandated(elsewhere), PROVIDER, id))).to.equal("NOT_PERMITTED");
      const nothing = "00".repeat(32) as typeof id;
      expect(await codeOf(auditor.auditor.record(mandated(auditor), PROVIDER, nothing))).to.equal("NOT_FOUND");
    });
  });
});

function isRecord(entry: Uint8Array, record: AccessRecord): boolean {
  return readRecord(entry)?.record.nonce === record.nonce;
}
