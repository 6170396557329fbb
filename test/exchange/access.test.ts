import { Identities } from "@wanlian/client/access/identities.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { checkLog } from "@wanlian/client/log/fsck.js";
import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { type AccessRecord, encodeEntry, reasonOf, responseOf } from "@wanlian/verify/records/access-record.js";
import { type SignedRequest, subjectDigest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { CONSUMER, DATASET, type ExchangeWorld, makeExchangeWorld, PROVIDER, passTime } from "./exchange-world.js";

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof ExchangeError) return String(error.details.code ?? error.code);
    throw error;
  }
  return "accepted";
}

describe("access to data", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name", "id"]);
  });
  after(() => world.remove());

  const access = (more: Partial<Ask> = {}, officer = world.officer) =>
    world.consumer.exchange.consumer.access(officer.signer, world.ask(grant, { subject: { code: "0371" }, ...more }));
  const outcome = async (more: Partial<Ask> = {}) => {
    const { filed, payload } = await access(more);
    const { result } = filed.signed.record;
    const reason = reasonOf(filed.signed.record);
    expect(payload === undefined, "nothing comes with a refusal").to.equal(result !== "served");
    return reason ?? result;
  };
  /** The same record as the provider's log has it. */
  const atProvider = (record: AccessRecord) => findRecord(world, record);

  it("gives the granted fields of the rows asked for, as they are in the source", async () => {
    const { payload } = await access({ fields: ["code", "name", "id"] });
    expect(payload).to.deep.equal({
      fields: ["code", "name", "id"],
      rows: [["0371", "宛城区", "411302199001011234"]],
      more: false,
    });
  });

  it("is given to many at once right after a start", async () => {
    for (const side of [world.provider, world.consumer]) await side.restart();
    const results = await Promise.all(Array.from({ length: 16 }, () => outcome()));
    expect(results).to.deep.equal(results.map(() => "served"));
  });

  it("answers a verification with yes or no and no data", async () => {
    const yes = await access({ way: "verification", subject: { code: "000", id: "000000000000000001" } });
    const no = await access({ way: "verification", subject: { code: "000", id: "000000000000000002" } });
    expect([yes.payload, no.payload]).to.deep.equal([{ match: true }, { match: false }]);
  });

  it("stands in both logs as the same bytes, signed by officer, provider and consumer", async () => {
    const { filed } = await access();
    await world.consumer.exchange.receipts.settled();
    const provider = await atProvider(filed.signed.record);
    expect(encodeEntry(provider.signed)).to.deep.equal(encodeEntry(filed.signed));
    const { record } = filed.signed;
    expect(record.checked.height).to.equal(world.ledger.blocks.length);
    expect(record.result).to.equal("served");
    expect(record.rows).to.equal(1);
    const kept = world.provider.exchange.vault.read(provider.position);
    const own = world.consumer.exchange.vault.read(filed.position);
    expect(kept.receipt, "each side keeps the other's signature").to.deep.equal(own.receipt);
    expect(kept.key).to.equal(own.key);
    expect(subjectDigest(kept.key as Digest, { code: "0371" })).to.equal(record.request.subject);
  });

  it("says nothing of what was looked up or found in the log", async () => {
    const { filed } = await access({ fields: ["code", "name", "id"] });
    const entry = Buffer.from(encodeEntry(filed.signed)).toString();
    // Four digits alone stand in a digest by chance every now and then; as a value they are quoted.
    for (const secret of ['"0371"', "宛城区", "411302199001011234"]) expect(entry).not.to.include(secret);
  });

  it("names the objections open on the release", async () => {
    const open = ["ab".repeat(32), "01".repeat(32)] as TransactionId[];
    world.provider.view.objections = open;
    const { filed } = await access();
    world.provider.view.objections = undefined;
    expect(filed.signed.record.objections).to.deep.equal([...open].sort());
  });

  it("files an access by handed-over file, countersigned, with the registered digests", async () => {
    const { filed, payload } = await access({ way: "download", road: "file", subject: undefined } as Partial<Ask>);
    expect(payload).to.equal(undefined);
    expect(filed.signed.record).to.include({ result: "served", rows: 3, bytes: 0 });
    expect(responseOf(filed.signed.record)).to.match(/^[0-9a-f]{64}$/);
  });

  describe("refuses, on the record", () => {
    const cases: [string, string, () => Partial<Ask>][] = [
      ["a field that was not granted", "FIELD_NOT_GRANTED", () => ({ fields: ["note"] })],
      ["a look-up by a field that was not granted", "FIELD_NOT_GRANTED", () => ({ subject: { note: "old" } })],
      ["a grant that is not there", "UNKNOWN_GRANT", () => ({ grant: "00".repeat(32) as TransactionId })],
      ["a case that is no grant", "UNKNOWN_GRANT", () => ({ grant: world.release })],
      ["another purpose", "WRONG_PURPOSE", () => ({ purpose: "analysis" })],
      ["another scenario", "WRONG_SCENARIO", () => ({ scenario: "marketing" })],
      ["a release that is not there", "UNKNOWN_RELEASE", () => ({ release: grant })],
      ["a mandate that the grant does not have", "WRONG_MANDATE", () => ({ mandate: grant, principal: PROVIDER })],
    ];
    for (const [what, reason, more] of cases) {
      it(what, async () => {
        expect(await outcome(more())).to.equal(reason);
      });
    }

    it("an officer who is no user", async () => {
      const steward = await world.ledger.officer(CONSUMER, "3002", "steward");
      const { filed } = await access({}, steward);
      expect(reasonOf(filed.signed.record)).to.equal("NOT_A_USER");
      expect((await atProvider(filed.signed.record)).id).to.equal(filed.id);
    });

    it("a grant while it is suspended, and serves it again when it is resumed", async () => {
      const suspended = await world.grant(["code"]);
      const reasons = { digest: "cd".repeat(32) };
      const act = (type: string) =>
        world.act(world.steward, { noun: "application", case: suspended, type, body: { reasons } });
      await act("suspend");
      expect(await outcome({ grant: suspended, fields: ["code"] })).to.equal("GRANT_SUSPENDED");
      await act("resume");
      expect(await outcome({ grant: suspended, fields: ["code"] })).to.equal("served");
    });

    it("another subject than was signed for, or none, or one where none belongs", async () => {
      const { consumer } = world.consumer.exchange;
      const lookup = () => consumer.sign(world.officer.signer, ask());
      const { subject: _, ...without } = await lookup();
      const lies = [
        without,
        { ...(await lookup()), subject: { code: "000" } },
        { ...(await lookup()), key: "ab".repeat(32) },
      ];
      for (const lie of lies) expect(await replay(lie as SignedRequest)).to.equal("SUBJECT_MISMATCH");
      expect(await replay(await lookup()), "as it was signed").to.equal("served");
      const { subject: __, ...file } = world.ask(grant, { way: "download", road: "file" });
      const handed = (more: Partial<Ask>) => consumer.sign(world.officer.signer, { ...file, ...more });
      expect(await replay(await handed({ subject: { code: "0371" } }))).to.equal("SUBJECT_MISMATCH");
      expect(await replay(await handed({})), "a download looks nothing up").to.equal("served");
    });

    it("more calls than the grant allows, also after a restart", async () => {
      const twice = await world.grant(["code"], { calls: 2 });
      const ask = { grant: twice, fields: ["code"] };
      expect([await outcome(ask), await outcome(ask), await outcome(ask)]).to.deep.equal([
        "served",
        "served",
        "QUOTA_EXCEEDED",
      ]);
      await world.provider.restart();
      expect(await outcome(ask)).to.equal("QUOTA_EXCEEDED");
    });

    it("a request that was answered before, also after a restart", async () => {
      const signed = await world.consumer.exchange.consumer.sign(world.officer.signer, ask());
      expect(await replay(signed)).to.equal("served");
      expect(await replay(signed)).to.equal("REPLAYED");
      await world.provider.restart();
      expect(await replay(signed)).to.equal("REPLAYED");
    });

    it("a request made on another chain", async () => {
      const own = world.consumer.view.position();
      world.consumer.view.shown = { ...own, block: "ef".repeat(32) };
      const signed = await world.consumer.exchange.consumer.sign(world.officer.signer, ask());
      world.consumer.view.shown = undefined;
      expect(await replay(signed)).to.equal("CHAIN_DIFFERS");
    });

    it("a request kept back beyond its time, and a grant that is not yet, or no longer, in force", async () => {
      const later = await world.grant(["code"], { from: "2026-03-10", to: "2026-03-20" });
      expect(await outcome({ grant: later, fields: ["code"] })).to.equal("GRANT_NOT_YET");
      const signed = await world.consumer.exchange.consumer.sign(world.officer.signer, ask());
      await passTime(world, "2026-03-02T02:00:00Z");
      expect(await replay(signed)).to.equal("REQUEST_EXPIRED");
      await passTime(world, "2026-03-21T02:00:00Z");
      expect(await outcome({ grant: later, fields: ["code"] })).to.equal("GRANT_EXPIRED");
    });

    const ask = () => world.ask(grant, { subject: { code: "0371" } });
    async function replay(signed: SignedRequest): Promise<string> {
      const answer = await world.consumer.exchange.connections.json(PROVIDER, "/exchange/v1/access", signed);
      const { record } = (answer as { record: { signed: { record: AccessRecord } } }).record.signed;
      return reasonOf(record) ?? record.result;
    }
  });

  describe("refuses, as nobody's request and without a record", () => {
    const send = async (change: (signed: SignedRequest) => unknown) => {
      const before = world.provider.exchange.log.size;
      const signed = await world.consumer.exchange.consumer.sign(
        world.officer.signer,
        world.ask(grant, { subject: { code: "0371" } }),
      );
      const code = await codeOf(
        world.consumer.exchange.connections.json(PROVIDER, "/exchange/v1/access", await change(signed)),
      );
      expect(world.provider.exchange.log.size).to.equal(before);
      return code;
    };

    it("one whose content was changed after it was signed", async () => {
      const changed = (signed: SignedRequest) => ({ ...signed, request: { ...signed.request, fields: ["id"] } });
      expect(await send(changed)).to.equal("BAD_SIGNATURE");
    });

    it("one that another officer signed", async () => {
      const other = await world.ledger.officer(CONSUMER, "3009", "user");
      expect(
        await send(async (signed) => ({
          ...signed,
          signature: await signStatement("access-request", signed.request, other.signer),
          certificate: Buffer.from(other.signer.certificate).toString(),
        })),
      ).to.equal("BAD_SIGNATURE");
    });

    it("one signed by an officer of another department than the connection's", async () => {
      const foreign = await world.ledger.officer("BureauMSP", "1001", "user");
      expect(
        await send(async (signed) => {
          const request = { ...signed.request, consumer: "BureauMSP" as MspId, officer: "1001" };
          return {
            ...signed,
            request,
            signature: await signStatement("access-request", request, foreign.signer),
            certificate: Buffer.from(foreign.signer.certificate).toString(),
          };
        }),
      ).to.equal("WRONG_DEPARTMENT");
    });

    it("one whose officer's certificate has ended by the machine's time", async () => {
      const asked = world.ask(grant, { subject: { code: "0371" } });
      const { request, signature, certificate } = await world.consumer.exchange.consumer.sign(
        world.officer.signer,
        asked,
      );
      const { bundle } = world.provider.exchange.options;
      const at = async (now: string) =>
        await new Identities(bundle, () => new Date(now))
          .check(request.consumer, certificate, "access-request", request, signature)
          .then(
            ({ officer }) => officer as string,
            ({ code }: { code: string }) => code,
          );
      expect(await at("2026-03-02T01:00:00Z")).to.equal(request.officer);
      expect(await at("2099-01-01T00:00:00Z")).to.equal("BAD_SIGNATURE");
    });

    it("one of another channel", async () => {
      const elsewhere = (signed: SignedRequest) => ({ ...signed, request: { ...signed.request, channel: "other" } });
      expect(await send(elsewhere)).to.equal("WRONG_DEPARTMENT");
    });

    it("one that names a file, has a field too many, or is too large", async () => {
      expect(await send((signed) => ({ ...signed, path: "/etc/passwd" }))).to.equal("INVALID_INPUT");
      expect(await send((signed) => ({ ...signed, request: { ...signed.request, dataset: "../../x" } }))).to.equal(
        "INVALID_INPUT",
      );
      expect(await send((signed) => ({ ...signed, padding: "x".repeat(300_000) }))).to.match(/TOO_LARGE|UNREACHABLE/);
    });

    it("any while its node is behind the ledger", async () => {
      const position = world.provider.view.position();
      world.provider.view.shown = { ...position, ready: false };
      expect(await send((signed) => signed)).to.equal("NOT_READY");
      world.provider.view.shown = undefined;
    });
  });

  it("shows checkpoint and hash tiles of the log to members, and entries to nobody over this door", async () => {
    await access();
    const { connections } = world.consumer.exchange;
    const { size } = await world.provider.exchange.log.publish();
    const note = await connections.get(PROVIDER, "/log/v1/checkpoint", 16_384);
    const checkpoint = openCheckpoint(String(note), world.provider.exchange.options.logSigner.key);
    expect(checkpoint.size).to.equal(size);
    const tile = await connections.get(PROVIDER, `/log/v1/tile/0/000.p/${size}`, 16_384);
    expect(tile).to.have.length(32 * size);
    const refused = ["tile/entries/000", `tile/entries/000.p/${size}`];
    for (const path of refused)
      expect(await codeOf(connections.get(PROVIDER, `/log/v1/${path}`, 16_384)), path).to.equal("NOT_PERMITTED");
    const nothing = [
      "../log-key.pem",
      "..%2flog-key.pem",
      "journal/0000000000000000",
      "tile/0/../../lock",
      "lock",
      "tile/9/000",
    ];
    for (const path of nothing)
      expect(await connections.get(PROVIDER, `/log/v1/${path}`, 16_384), path).to.equal(undefined);
  });

  it("puts a failing source on the record and gives nothing", async () => {
    const rowRoot = world.ledger.state("release", world.release)?.rowRoot as Digest;
    const entry = { dataset: DATASET, rowRoot, rows: world.tree };
    const { sources } = world.provider.exchange;
    await sources.add({ ...entry, place: { kind: "csv", path: `${world.file}.gone` } });
    expect(await outcome()).to.equal("SOURCE_FAILED");
    await sources.add({ ...entry, place: { kind: "csv", path: world.file } });
    expect(await outcome()).to.equal("served");
  });

  it("leaves logs that a checker finds whole, and counts that agree", async () => {
    await world.consumer.exchange.receipts.settled();
    const sides = [world.provider.exchange, world.consumer.exchange];
    for (const exchange of sides) {
      await exchange.log.publish();
      await exchange.index.catchUp();
      const { findings } = await checkLog(`${exchange.options.dir}/log`, exchange.options.logSigner.key);
      expect(findings).to.deep.equal([]);
    }
    const [own, other] = await Promise.all(sides.map(({ index }) => index.count({ dataset: DATASET })));
    expect(own).to.deep.equal(other);
    expect(own?.find(({ result }) => result === "served")?.accesses).to.be.greaterThan(0);
  });
});

/** The provider's record with the same nonce. */
async function findRecord(world: ExchangeWorld, record: AccessRecord) {
  const { log, records } = world.provider.exchange;
  for (let position = log.size - 1; position >= 0; position -= 1) {
    const found = await records.find(position);
    if (found?.signed.record.nonce === record.nonce) return found;
  }
  throw new Error("the provider has no such record");
}
