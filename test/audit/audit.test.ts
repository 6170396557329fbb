import { compareViews } from "@wanlian/client/audit/compare-logs.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { type AccessRecord, encodeEntry } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { readRecord } from "@wanlian/verify/records/log-entry.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER, passTime } from "../exchange/exchange-world.js";
import { anchor, makeAuditor, rewriteLog, type TestAuditor } from "./audit-world.js";

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
    const { views, findings } = await auditor.run();
    expect(findings).to.deep.equal([]);
    expect(views.map(({ complete, questions, records }) => [complete, questions, records.length])).to.deep.equal([
      [true, 2, 6],
      [true, 2, 6],
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

  it("a provider that shows two logs to two auditors", async () => {
    const second = await makeAuditor(world, "9101");
    const fork = await access();
    await world.consumer.exchange.receipts.settled();
    const shown = await auditor.auditor.view(auditor.officer.signer, PROVIDER, auditor.mandate);
    await rewriteLog(world.provider, (entries) => entries.filter((entry) => !isRecord(entry, fork)));
    const other = await second.auditor.view(second.officer.signer, PROVIDER, second.mandate);
    expect(compareViews(shown, other).map(({ kind, department }) => [kind, department])).to.deep.equal([
      ["TWO_LOGS", PROVIDER],
    ]);
    expect(compareViews(shown, shown)).to.deep.equal([]);
  });

  it("a provider that serves after the revocation and pleads an old height", async () => {
    const { book } = world.provider;
    const old = book.position();
    const granted = await book.read("application", grant);
    if (granted === undefined) throw new Error("no grant");
    const body = { reasons: { digest: "cd".repeat(32) } };
    await world.act(world.steward, { noun: "application", case: grant, type: "suspend", body });
    await anchor(world, world.provider);
    book.pretended.set(grant, granted);
    // The consumer asks from where the ledger was; both could be in it together.
    world.consumer.book.shown = old;
    book.shown = old;
    await access();
    world.consumer.book.shown = undefined;
    book.shown = undefined;
    await world.consumer.exchange.receipts.settled();
    expect(await auditor.findings()).to.deep.equal([`NOT_GRANTED ${PROVIDER}`, `OLD_HEIGHT ${PROVIDER}`]);
  });

  it("a provider that serves what was never granted", async () => {
    const { book } = world.provider;
    const granted = await book.read("application", grant);
    if (granted === undefined) throw new Error("no grant");
    const { state } = granted;
    const fields = ["code", "name", "id"] as typeof state.wish.fields;
    book.pretended.set(grant, { ...granted, state: { ...state, grant: { ...state.grant, fields } as never } });
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

  describe("is answered", () => {
    const codeOf = async (act: Promise<unknown>) => {
      const error = await act.then(
        () => undefined,
        (cause: unknown) => cause as { details?: { code?: string } },
      );
      return error?.details?.code ?? "answered";
    };
    const ask = (who: TestAuditor, mandate = who.mandate) => who.auditor.view(who.officer.signer, PROVIDER, mandate);

    it("only to the auditor whom the mandate names, while it is in force", async () => {
      const other = await makeAuditor(world, "9102");
      expect(await codeOf(ask(auditor))).to.equal("answered");
      expect(await codeOf(ask(auditor, other.mandate))).to.equal("NOT_PERMITTED");
      expect(await codeOf(ask(auditor, grant))).to.equal("NOT_PERMITTED");
      const administrator = await world.ledger.officer("BureauMSP", "9001", "administrator");
      await world.act(administrator, { noun: "mandate", case: auditor.mandate, type: "revoke", body: {} });
      expect(await codeOf(ask(auditor))).to.equal("NOT_PERMITTED");
    });

    it("with nothing outside of the mandate", async () => {
      const elsewhere = await makeAuditor(world, "9103", ["BureauMSP" as typeof PROVIDER]);
      const view = await elsewhere.auditor.view(elsewhere.officer.signer, PROVIDER, elsewhere.mandate);
      expect(view.records).to.deep.equal([]);
      expect(view.complete).to.equal(false);
    });

    it("with the keys that open what was looked up", async () => {
      const { views } = await auditor.run();
      const keys = views.map(({ records }) => records.map(({ key }) => key));
      expect(keys[0]).to.deep.equal(keys[1]);
      expect(keys[0]?.every((key) => key !== undefined)).to.equal(true);
    });
  });
});

function isRecord(entry: Uint8Array, record: AccessRecord): boolean {
  return readRecord(entry)?.record.nonce === record.nonce;
}
