import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { decodePage, encodePage, type Page, type ShownEntry } from "@wanlian/client/audit/answering/page.js";
import type { AuditorParts } from "@wanlian/client/audit/auditor.js";
import type { AuditedRecord } from "@wanlian/client/audit/log-reading.js";
import { DepartmentConnections } from "@wanlian/client/transport/connections.js";
import { DepartmentTls } from "@wanlian/client/transport/department-tls.js";
import { signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "../exchange/exchange-world.js";
import { anchor, gather, kindsOf, makeAuditor } from "./audit-world.js";

type Connections = AuditorParts["connections"];
type Lie = (page: Page, body: { readonly from: number }) => Page | Promise<Page>;

/** The provider's node, as it answers when its operator has changed its software. */
const lying =
  (lie: Lie, entries = 2048) =>
  (honest: Connections): Connections => ({
    json: (...asked) => honest.json(...asked),
    get: (...asked) => honest.get(...asked),
    bytes: async (node, path, body, bounds) => {
      const question = { ...(body as { from: number }), most: entries };
      const bytes = await honest.bytes(node, path, question, bounds);
      return node === PROVIDER ? encodePage(await lie(decodePage(bytes), question)) : bytes;
    },
  });

describe("an auditor whom a node lies to", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let number = 9300;
  before(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
    for (let i = 0; i < 5; i += 1) await access();
    await world.consumer.exchange.receipts.settled();
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
  });
  after(() => world.remove());

  const access = () =>
    world.consumer.exchange.consumer.access(world.officer.signer, world.ask(grant, { subject: { code: "0371" } }));
  const auditorWith = (liar?: (honest: Connections) => Connections) =>
    makeAuditor(world, String(number++), [PROVIDER, CONSUMER], liar);
  const audited = async (lie: Lie, entries?: number) => (await auditorWith(lying(lie, entries))).run();
  const changed =
    (change: (entries: readonly ShownEntry[]) => readonly ShownEntry[]): Lie =>
    (page) => ({ ...page, entries: change(page.entries) });

  it("learns nothing from one that does not", async () => {
    expect(kindsOf(await audited((page) => page))).to.deep.equal([]);
    expect(kindsOf(await audited((page) => page, 2)), "page by page").to.deep.equal([]);
  });

  const other = (entries: readonly ShownEntry[]) => entries.map((shown) => shown);
  const lies: [string, string, (entries: readonly ShownEntry[]) => readonly ShownEntry[]][] = [
    ["shows its true checkpoint and no entries", "NOT_SHOWN", () => []],
    ["leaves out the first entry", "LOG_DAMAGED", (entries) => entries.slice(1)],
    ["leaves out the last entry", "LOG_DAMAGED", (entries) => entries.slice(0, -1)],
    ["leaves out an entry between", "LOG_DAMAGED", (entries) => [...entries.slice(0, 2), ...entries.slice(3)]],
    ["shows an entry twice", "LOG_DAMAGED", ([first, ...rest]) => [first, first, ...rest] as ShownEntry[]],
    [
      "shows an entry in the place of another",
      "LOG_DAMAGED",
      ([first, , ...rest]) => [first, first, ...rest] as ShownEntry[],
    ],
    [
      "shows entries out of order",
      "LOG_DAMAGED",
      ([first, second, ...rest]) => [second, first, ...rest] as ShownEntry[],
    ],
    [
      "changes a byte of an entry",
      "LOG_DAMAGED",
      ([first, ...rest]) => {
        const entry = Buffer.from(first?.entry ?? []);
        entry.writeUInt8(entry.readUInt8(100) ^ 1, 100);
        return [{ leaf: leafHash(entry), entry, receipt: undefined }, ...rest];
      },
    ],
  ];
  for (const [what, kind, change] of lies) {
    it(`finds it out where it ${what}`, async () => {
      const { findings, logs } = await audited(changed((entries) => change(other(entries))));
      expect(kindsOf({ findings })).to.deep.equal([`${kind} ${PROVIDER}`]);
      expect(logs.find(({ department }) => department === PROVIDER)).to.include({ state: "failed", records: 0 });
    });
  }

  it("says how much was shown where the rest was not", async () => {
    const { findings } = await audited((page, { from }) => (from < 4 ? page : { ...page, entries: [] }), 2);
    const [found, ...more] = findings;
    expect(found).to.include({ kind: "NOT_SHOWN", department: PROVIDER, shown: 4 });
    // Each question is in the log, and one whose answer was lost is put again.
    expect((found as { readonly size?: number } | undefined)?.size).to.be.at.least(5 + number - 9300);
    expect(more).to.deep.equal([]);
  });

  it("is not taken in by pages of another place", async () => {
    const first = new Map<number, Page>();
    const lie: Lie = (page, { from }) => {
      first.set(from, page);
      return from === 2 ? (first.get(0) as Page) : page;
    };
    expect(kindsOf(await audited(lie, 2))).to.deep.equal([`LOG_DAMAGED ${PROVIDER}`]);
  });

  it("takes no other record of the log for the one that was asked for", async () => {
    let shown: unknown;
    const auditor = await auditorWith((honest) => ({
      ...lying((page) => page)(honest),
      // The first one again, with its own proof.
      json: async (node, path, ...asked) => {
        const answer = await honest.json(node, path, ...asked);
        if (path !== "/audit/v1/record") return answer;
        shown ??= answer;
        return shown;
      },
    }));
    const { records } = await auditor.run({ departments: [PROVIDER] });
    const [first, second] = records as [AuditedRecord, AuditedRecord];
    const mandated = { signer: auditor.officer.signer, mandate: auditor.mandate, filter: {} };
    expect((await auditor.auditor.record(mandated, PROVIDER, first.id)).position).to.equal(first.position);
    const code = await auditor.auditor.record(mandated, PROVIDER, second.id).then(
      () => "taken",
      (error: { readonly code?: string }) => error.code,
    );
    expect(code).to.equal("LOG_DAMAGED");
  });

  it("takes no entries of another department's log", async () => {
    const liar = (honest: Connections): Connections => ({
      ...lying((page) => page)(honest),
      bytes: (_node, ...asked) => honest.bytes(CONSUMER, ...asked),
    });
    // The other node does not answer what was asked of this one; played with what it would have answered.
    const { findings } = await (await auditorWith(liar)).run({ departments: [PROVIDER] });
    expect(findings[0]).to.include({ kind: "NOT_SHOWN", department: PROVIDER });
    const { checkpoint } = (await pageOf(CONSUMER)) as Page;
    const forged = await audited((page) => ({ ...page, checkpoint }));
    expect(kindsOf(forged)).to.deep.equal([`LOG_DAMAGED ${PROVIDER}`]);
  });

  async function pageOf(node: MspId): Promise<Page | undefined> {
    let seen: Page | undefined;
    const liar = (honest: Connections): Connections => ({
      ...honest,
      json: (...asked) => honest.json(...asked),
      get: (...asked) => honest.get(...asked),
      bytes: async (to, ...asked) => {
        const bytes = await honest.bytes(to, ...asked);
        if (to === node) seen = decodePage(bytes);
        return bytes;
      },
    });
    await (await auditorWith(liar)).run();
    return seen;
  }

  it("that signs two logs of one size is found out by its own signatures", async () => {
    const { logSigner } = world.provider.exchange.options;
    const lie: Lie = (page, { from }) => {
      const size = Number(page.checkpoint.split("\n")[1]);
      return from === 0
        ? page
        : { ...page, checkpoint: signCheckpoint({ size, root: leafHash(Buffer.from("x")) }, logSigner) };
    };
    const { findings } = await audited(lie, 2);
    expect(kindsOf({ findings })).to.deep.equal([`TWO_LOGS ${PROVIDER}`]);
  });

  it("that shows the log from before the question, with proofs and all, is found out by the question", async () => {
    const { exchange } = world.provider;
    const size = exchange.log.published.size;
    const reader = await exchange.records.readerOf(size);
    const lie: Lie = async ({ entries, ...page }, { from }) => {
      const shown = entries.slice(0, size - from);
      const proof = await reader.range({ start: from, end: from + shown.length });
      const checkpoint = signCheckpoint(reader.head, exchange.options.logSigner);
      return {
        ...page,
        checkpoint,
        entries: shown,
        proof: proof.map((hash) => Buffer.from(hash).toString("hex") as never),
      };
    };
    const { findings } = await audited(lie);
    expect(findings).to.deep.equal([{ kind: "OLD_LOG", department: PROVIDER, size }]);
  });

  it("that withholds what the mandate covers is found out, by number and by the other side's copy", async () => {
    const hidden = changed(([first, ...rest]) => [
      { leaf: first?.leaf as Uint8Array, entry: undefined, receipt: undefined },
      ...rest,
    ]);
    const { findings } = await audited(hidden);
    expect(findings.map(({ kind, department, position }) => [kind, department, position])).to.deep.equal([
      ["WITHHELD", PROVIDER, undefined],
      ["WITHHELD", PROVIDER, 0],
    ]);
  });

  it("cannot blame a consumer with a receipt that nobody signed", async () => {
    const { consumer } = world.consumer.exchange;
    const signed = await consumer.sign(world.officer.signer, world.ask(grant, { subject: { code: "0371" } }));
    await world.consumer.exchange.connections.json(PROVIDER, "/exchange/v1/access", signed);
    const forge = changed((entries) => {
      const receipts = entries.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]));
      return entries.map((shown) =>
        shown.entry === undefined ? shown : { ...shown, receipt: shown.receipt ?? receipts[0] },
      );
    });
    expect(kindsOf(await audited(forge))).to.deep.equal([`NOT_COUNTERSIGNED ${CONSUMER}`]);
    await consumer.access(world.officer.signer, world.ask(grant, { subject: { code: "000" } }));
    await world.consumer.exchange.missed.ask();
  });

  it("goes on where an audit broke off, and comes to the same", async () => {
    const auditor = await auditorWith(lying((page) => page, 2));
    const whole = await auditor.run();
    const events = auditor.events();
    let id = "";
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.kind === "begun") id = next.value.audit;
      if (next.value.kind === "record") break;
    }
    await events.return();
    const resumed = await gather(auditor.events({}, id));
    expect(resumed.id).to.equal(id);
    expect(resumed.findings).to.deep.equal(whole.findings);
    expect(resumed.logs.map(({ state, records }) => [state, records])).to.deep.equal(
      whole.logs.map(({ state, records }) => [state, records]),
    );
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => "",
        (error: { code: string }) => error.code,
      );
    expect(await codeOf(gather(auditor.events({}, id))), "done").to.equal("NOT_FOUND");
    expect(await codeOf(gather(auditor.events({ officer: "9999" }, id))), "another's").to.equal("NOT_FOUND");
    expect(await codeOf(gather(auditor.events({}, "../../etc"))), "no name").to.equal("NOT_FOUND");
  });

  describe("or does not answer", () => {
    const bounds = { most: 1000, withinMs: 300 };

    /** A node of the consumer's whose answers are written by hand. */
    async function connectedTo(answer: (write: (bytes: Buffer) => void) => void) {
      const { options } = world.bureau.exchange;
      const { tls: material } = await world.ledger.node(CONSUMER);
      const tls = new DepartmentTls(options.bundle);
      const server = createServer({ ...material, ca: tls.authorities(), requestCert: true }, (request, response) => {
        request.resume();
        answer((bytes) => response.write(bytes));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const connections = new DepartmentConnections(tls, options.tls, new Map([[CONSUMER as string, address]]));
      const close = () => {
        connections.close();
        server.closeAllConnections();
        server.close();
      };
      return { connections, close };
    }
    it("in time ends no request that is no stream either, though it never falls silent", async () => {
      const drips: NodeJS.Timeout[] = [];
      const { connections, close } = await connectedTo((write) =>
        drips.push(setInterval(() => write(Buffer.from(" ")), 20)),
      );
      try {
        const failure = await connections.json(CONSUMER, "/exchange/v1/kept", {}, { withinMs: 300 }).catch((e) => e);
        expect(failure).to.include({ code: "BROKEN_OFF" });
      } finally {
        for (const drip of drips) clearInterval(drip);
        close();
      }
    });

    const codeOf = async (answer: (write: (bytes: Buffer) => void) => void) => {
      const { connections, close } = await connectedTo(answer);
      try {
        await connections.bytes(CONSUMER, "/audit/v1/entries", {}, bounds);
        return "answered";
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        close();
      }
    };

    it("in time: before its answer, within it, drop by drop", async () => {
      expect(await codeOf(() => undefined)).to.equal("UNREACHABLE");
      expect(await codeOf((write) => write(Buffer.alloc(10)))).to.equal("BROKEN_OFF");
      const timers: NodeJS.Timeout[] = [];
      const drip = (write: (bytes: Buffer) => void) => timers.push(setInterval(() => write(Buffer.of(1)), 20));
      expect(await codeOf(drip)).to.equal("BROKEN_OFF");
      for (const timer of timers) clearInterval(timer);
    });

    it("within bounds", async () => {
      expect(await codeOf((write) => write(Buffer.alloc(1001)))).to.equal("BAD_ANSWER");
    });
  });
});
