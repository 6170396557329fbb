import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { Command } from "@wanlian/client/core/services.js";
import { compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { type DownloadPart, downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { rowDigest } from "@wanlian/client/sheets/compared/keyed-digests.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { type AccessRecord, reasonOf } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import type { TestOfficer } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, DATASET, type ExchangeWorld, makeExchangeWorld, passTime } from "./exchange-world.js";

/** Several batches, so that a stream has a middle. */
const ROWS = 2000;
const LINES = Array.from({ length: ROWS }, (_, at) => `${at},name ${at},${at},${"x".repeat(1000)}`);
const CSV = ["code,name,id,note", ...LINES, ""].join("\n");
const COMPANY = "91411300MA3X000001";
const MACHINE = "sys-81";
const KEY = randomDigest();

/** Who uses data when it is contained, and as whose. */
type User = "officer" | "machine";

/** What stops a use at once (decision 331): whose act, in which case, and why the gateway then refuses. */
interface Containment {
  readonly by: "steward" | "bureau" | "head";
  readonly of: User;
  readonly reason: string;
  command(incident: TransactionId, grant: TransactionId): Command;
  /** Ends it again, where the same hand can. */
  readonly lifted?: (incident: TransactionId, grant: TransactionId) => Command;
}

const reasons = { digest: "ab".repeat(32) };
const inGrant = (type: string, grant: TransactionId, body: Command["body"]): Command => ({
  ...{ noun: "application", case: grant, type, body },
});
const inMember = (type: string, body: Command["body"]): Command => ({ noun: "member", case: CONSUMER, type, body });
const suspend = (incident: TransactionId, grant: TransactionId) => inGrant("suspend", grant, { incident, reasons });
const resume = (_incident: TransactionId, grant: TransactionId) => inGrant("resume", grant, {});
const restrain = (named: object, own: boolean) => (incident: TransactionId, grant: TransactionId) =>
  inMember("restrain", { department: CONSUMER, incident, ...named, ...(own ? { grant } : {}), reasons });
const lift = (named: object) => (incident: TransactionId) =>
  inMember("lift", { department: CONSUMER, incident, ...named });
const OFFICER = { officer: "3001" };

const CONTAINMENTS: Readonly<Record<string, Containment>> = {
  "a grant that its provider suspends for an incident": {
    ...{ by: "steward", of: "officer", reason: "GRANT_SUSPENDED", command: suspend, lifted: resume },
  },
  "a grant that the bureau suspends for an incident": {
    ...{ by: "bureau", of: "officer", reason: "GRANT_SUSPENDED", command: suspend, lifted: resume },
  },
  "an officer whom the provider restrains": {
    ...{ by: "steward", of: "officer", reason: "OFFICER_RESTRAINED" },
    ...{ command: restrain(OFFICER, true), lifted: lift(OFFICER) },
  },
  "an officer whom the bureau restrains": {
    ...{ by: "bureau", of: "officer", reason: "OFFICER_RESTRAINED" },
    ...{ command: restrain(OFFICER, false), lifted: lift(OFFICER) },
  },
  "a machine that the provider restrains": {
    ...{ by: "steward", of: "machine", reason: "OFFICER_RESTRAINED" },
    ...{ command: restrain({ officer: MACHINE }, true), lifted: lift({ officer: MACHINE }) },
  },
  "an operator company that the provider restrains": {
    ...{ by: "steward", of: "machine", reason: "OPERATOR_RESTRAINED" },
    ...{ command: restrain({ company: COMPANY }, true), lifted: lift({ company: COMPANY }) },
  },
  "an operator company that the bureau restrains": {
    ...{ by: "bureau", of: "machine", reason: "OPERATOR_RESTRAINED" },
    ...{ command: restrain({ company: COMPANY }, false), lifted: lift({ company: COMPANY }) },
  },
  "an operator company that its department dismisses": {
    ...{ by: "head", of: "machine", reason: "OPERATOR_NOT_ENGAGED" },
    command: () => inMember("dismiss", { code: COMPANY, reasons }),
  },
};

describe("what contains an incident, at two gateways", () => {
  let world: ExchangeWorld;
  let incident: TransactionId;
  let machine: TestOfficer;
  const hands: Record<Containment["by"], TestOfficer> = {} as never;
  before(async () => {
    world = await makeExchangeWorld({ model: 2, csv: CSV, recheckMs: 0 });
    machine = await world.ledger.officer(CONSUMER, MACHINE, "machine");
    hands.steward = world.steward;
    hands.bureau = await world.ledger.officer(BUREAU, "9100", "steward");
    hands.head = await world.ledger.officer(CONSUMER, "9001", "administrator");
    const account = { kind: "probing", severity: 2, concerned: CONSUMER, noticed: "2026-03-02T01:00:00Z" };
    const body = { ...account, account: reasons };
    incident = await world.act(world.steward, { noun: "incident", case: null, type: "report", body });
    await engage();
  });
  after(() => world.remove());

  const engage = () =>
    world.act(
      hands.head,
      inMember("engage", {
        ...{ code: COMPANY, name: "a company", scope: [DATASET], officers: [MACHINE] },
        ...{ from: "2026-03-02T01:00:00Z", to: "2026-12-31T00:00:00Z" },
      }),
    );
  const desk = () => world.consumer.exchange.consumer;
  const signerOf = (user: User) => (user === "machine" ? machine : world.officer).signer;
  const asked = (grant: TransactionId, user: User, more: Partial<Ask> = {}): Ask =>
    world.ask(grant, { ...(user === "machine" ? { operator: COMPANY } : {}), ...more });

  /** What a stream ended with, and how many rows it brought. */
  async function ended(parts: AsyncIterable<DownloadPart>): Promise<{ record: AccessRecord; rows: number }> {
    let rows = 0;
    for await (const part of parts) {
      if (part.$case === "end") return { record: part.filed.signed.record, rows };
      rows += part.batch.rows;
    }
    return expect.fail("no end");
  }
  const downloaded = (grant: TransactionId, user: User) =>
    ended(downloadRelease(desk(), signerOf(user), asked(grant, user, { way: "download" })));
  const compared = (grant: TransactionId, user: User) => {
    const { way: _way, road: _road, ...ask } = asked(grant, user);
    const codes = Array.from({ length: ROWS }, (_, at) => rowDigest(Buffer.from(KEY, "hex"), [String(at)]));
    const rows = Buffer.concat(codes).toString("base64");
    return ended(compareWithRelease(desk(), signerOf(user), { ...ask, by: ["code"], compared: { key: KEY, rows } }));
  };
  const answered = async (grant: TransactionId, user: User, more: Partial<Ask>) =>
    (await desk().access(signerOf(user), asked(grant, user, more))).filed.signed.record;

  const SUBJECT = { subject: { code: "1" } };
  /** Each way to use data, over each road: what record it leaves. */
  const WAYS: Readonly<Record<string, (grant: TransactionId, user: User) => Promise<AccessRecord>>> = {
    "look-up": (grant, user) => answered(grant, user, { way: "lookup", ...SUBJECT }),
    verification: (grant, user) => answered(grant, user, { way: "verification", ...SUBJECT }),
    download: async (grant, user) => (await downloaded(grant, user)).record,
    comparison: async (grant, user) => (await compared(grant, user)).record,
    "file handed over": (grant, user) => answered(grant, user, { way: "download", road: "file" }),
    "exchange platform": (grant, user) => answered(grant, user, { way: "lookup", road: "platform", ...SUBJECT }),
  };
  const STREAMS = { download: downloaded, comparison: compared };

  /** Has something done as soon as the provider's gateway looks at the ledger again while its stream runs. */
  async function inTheMiddle<T>(
    grant: TransactionId,
    stream: () => Promise<T>,
    contain: () => Promise<unknown>,
  ): Promise<T> {
    const { view } = world.provider;
    const head = view.head.bind(view);
    let looks = 0;
    view.head = async (noun, id) => {
      if (id === grant) looks += 1;
      // It was let in at the first, its first batch went out after the second.
      if (id === grant && looks === 3) await contain();
      return head(noun, id);
    };
    try {
      return await stream();
    } finally {
      view.head = head;
    }
  }

  for (const [at, [name, { by, of, reason, command, lifted }]] of Object.entries(CONTAINMENTS).entries()) {
    describe(name, () => {
      let grant: TransactionId;
      before(async () => {
        // Within one tick a department moves another's case so often and no more.
        await passTime(world, `2026-03-02T02:${10 + at * 5}:00Z`);
        grant = await world.grant(["code", "name"]);
      });

      const results = async () => {
        const found: Record<string, string> = {};
        for (const [way, use] of Object.entries(WAYS)) {
          const record = await use(grant, of);
          found[way] = record.result === "refused" ? String(reasonOf(record)) : "let in";
        }
        return found;
      };
      const all = (what: string) => Object.fromEntries(Object.keys(WAYS).map((way) => [way, what]));

      it("was let in by every way before, and is refused by every way from the block on", async () => {
        expect(await results()).to.deep.equal(all("let in"));
        await world.act(hands[by], command(incident, grant));
        expect(await results()).to.deep.equal(all(reason));
      });

      it("is let in again once that is ended", async () => {
        await (lifted === undefined ? engage() : world.act(hands[by], lifted(incident, grant)));
        expect(await results()).to.deep.equal(all("let in"));
      });

      for (const [way, stream] of Object.entries(STREAMS)) {
        it(`ends a ${way} in the middle`, async () => {
          const own = await world.grant(["code", "name"]);
          const { record, rows } = await inTheMiddle(
            own,
            () => stream(own, of),
            () => world.act(hands[by], command(incident, own)),
          );
          await (lifted === undefined ? engage() : world.act(hands[by], lifted(incident, own)));
          expect(record).to.include({ kind: "closing", result: "stopped", rows });
          expect(reasonOf(record)).to.equal(reason);
          expect(rows, "some had gone out before").to.be.within(1, ROWS - 1);
        });
      }
    });
  }

  it("leaves others of the department alone", async () => {
    const grant = await world.grant(["code", "name"]);
    await world.act(hands.bureau, restrain({ company: COMPANY }, false)(incident, grant));
    for (const [way, use] of Object.entries(WAYS))
      expect((await use(grant, "officer")).result, way).to.not.equal("refused");
    await world.act(hands.bureau, lift({ company: COMPANY })(incident));
    await world.act(hands.bureau, restrain(OFFICER, false)(incident, grant));
    for (const [way, use] of Object.entries(WAYS))
      expect((await use(grant, "machine")).result, way).to.not.equal("refused");
    await world.act(hands.bureau, lift(OFFICER)(incident));
  });

  it("ends a download at the consumer's own node too, where the provider goes on", async () => {
    const grant = await world.grant(["code", "name"]);
    const { view } = world.provider;
    view.pretended.set(CONSUMER, (await view.head("member", CONSUMER)) ?? expect.fail("no member"));
    let rows = 0;
    const going = async () => {
      const wanted = asked(grant, "officer", { way: "download" });
      for await (const part of downloadRelease(desk(), world.officer.signer, wanted, 0)) {
        if (part.$case !== "batch") continue;
        if (rows === 0) await world.act(hands.bureau, restrain(OFFICER, false)(incident, grant));
        rows += part.batch.rows;
      }
      return "to its end";
    };
    const failure = await going().catch((error: unknown) => (error instanceof ExchangeError ? error.message : error));
    view.pretended.clear();
    await world.act(hands.bureau, lift(OFFICER)(incident));
    expect(failure).to.match(/does not hold any more: OFFICER_RESTRAINED/);
    expect(rows).to.be.within(1, ROWS - 1);
  });
});
