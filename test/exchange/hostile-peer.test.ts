import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { DepartmentTls } from "@wanlian/client/transport/department-tls.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { SEED } from "../random.js";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";
import { Hostility } from "./hostility.js";
import { type Died, KillableSide } from "./kill/killable-side.js";
import { CSV, planSides } from "./kill/killed-exchange.js";
import type { Reply } from "./kill/side-process.js";

/** WANLIAN_PEER_MESSAGES for a long run; WANLIAN_SEED to repeat one's choices. */
const MESSAGES = Number(process.env.WANLIAN_PEER_MESSAGES ?? 10_000);
const AT_ONCE = 8;
/** Of the most memory that it ever held, garbage and all. */
const MOST_GROWTH = 64 * 1024 * 1024;
/** Of what it keeps when garbage is collected: a kilobyte a message, of memories that have their ends. */
const MOST_KEPT = Math.max(4 * 1024 * 1024, (MESSAGES / 2) * 1024);
/** Before growth is measured: what a process takes once it has done everything a few times. */
const WARM_UP = 400;
/** V8 lets its heap double before it looks what is garbage; collected so often, a peak is what messages need. */
const BETWEEN_COLLECTIONS = 400;

const ROUTES = [
  "/exchange/v1/access",
  "/exchange/v1/download",
  "/exchange/v1/receipts",
  "/exchange/v1/records",
  "/audit/v1/entries",
  "/audit/v1/record",
  "/audit/v1/certificates",
];

/** A node as a process of its own, whose peer sends anything, stalls, is slow, ends too early, never ends. */
describe(`a node whose peer is hostile (${MESSAGES} messages, seed ${SEED})`, function () {
  this.timeout(120_000 + MESSAGES * 150);
  let world: ExchangeWorld;
  let tls: DepartmentTls;
  let node: KillableSide | undefined;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    const bundle = bundleFromBlock(Block.decode(world.ledger.blocks[0] as Uint8Array).data?.data ?? []);
    tls = new DepartmentTls(() => bundle);
  });
  afterEach(async () => {
    node?.kill();
    await node?.exited;
  });
  after(() => world.remove());

  async function measured(): Promise<{ readonly kept: number; readonly peak: number }> {
    const side = node as KillableSide;
    const collected = await side.order({ $case: "collect" });
    const most = await side.order({ $case: "measure" });
    if (collected.$case !== "collected" || most.$case !== "measured") expect.fail(JSON.stringify([collected, most]));
    return { kept: collected.kept, peak: most.peak };
  }

  /** Looks at a node's memory while messages go on. */
  function memory() {
    let base: Awaited<ReturnType<typeof measured>> | undefined;
    return {
      async after(messages: number): Promise<void> {
        if (messages < WARM_UP || messages % BETWEEN_COLLECTIONS !== 0) return;
        const now = await measured();
        base ??= now;
      },
      async expectBounded(): Promise<void> {
        const { kept, peak } = await measured();
        if (base === undefined) expect.fail("too few messages to tell");
        expect(kept - base.kept, "kept").to.be.below(MOST_KEPT);
        expect(peak - base.peak, "peak").to.be.below(MOST_GROWTH);
      },
    };
  }

  it("goes on serving, in bounded memory, whatever a consumer sends", async () => {
    const grant = await world.grant(["code", "name"], { calls: 1_000_000 });
    const { consumer } = world.consumer.exchange;
    const ask = world.ask(grant, { subject: { code: "000371" } });
    const signed = await Promise.all(Array.from({ length: 50 }, () => consumer.sign(world.officer.signer, ask)));
    const honest = await consumer.sign(world.officer.signer, ask);
    const { tls: material } = world.consumer.handover;
    node = await new KillableSide((await planSides(world, "127.0.0.1:1")).provider).begin();
    const agent = new Agent({ ...material, ca: tls.authorities(), keepAlive: true, maxSockets: AT_ONCE });
    const hostility = new Hostility(SEED);
    const send = async (path: string, body: Uint8Array, ending: "whole" | "cut" | "slow"): Promise<number> => {
      const outgoing = httpsRequest(`https://${node?.address}${path}`, {
        ...{ method: "POST", agent, checkServerIdentity: () => undefined },
        headers: { "content-type": "application/json", "content-length": body.length },
      });
      const answered = new Promise<number>((resolve) => {
        outgoing.once("response", (response) => {
          response.resume();
          response.once("close", () => resolve(response.statusCode ?? 0));
        });
        // It was refused before it was all sent, or was cut off here.
        outgoing.once("error", () => resolve(0));
      });
      if (ending === "whole") outgoing.end(body);
      else {
        outgoing.write(body.subarray(0, body.length / 2));
        if (ending === "slow") await delay(20);
        if (ending === "cut") outgoing.destroy();
        else outgoing.end(body.subarray(body.length / 2));
      }
      return await answered;
    };
    const bodies = [...signed, { receipts: [{ record: "ab".repeat(32) }] }, { requests: ["ab".repeat(32)] }];
    const held = memory();
    const statuses = new Map<number, number>();
    for (let sent = 0; sent < MESSAGES / 2; sent += AT_ONCE) {
      const round = Array.from({ length: AT_ONCE }, async () => {
        const status = await send(
          hostility.pick(ROUTES),
          hostility.message(hostility.pick(bodies)),
          hostility.ending(),
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      await Promise.all(round);
      await held.after(sent);
    }
    agent.destroy();
    // Before the honest request, for which the source's index is loaded.
    await held.expectBounded();
    expect([...statuses.keys()], "none is a fault of the node's own").not.to.include(500);
    expect(statuses.get(400) ?? 0, JSON.stringify([...statuses])).to.be.above(MESSAGES / 20);
    const last = new Agent({ ...material, ca: tls.authorities() });
    const honestly = httpsRequest(`https://${node.address}/exchange/v1/access`, {
      ...{ method: "POST", agent: last, checkServerIdentity: () => undefined },
      headers: { "content-type": "application/json" },
    });
    honestly.end(JSON.stringify(honest));
    const [answer] = await once(honestly, "response");
    expect(answer.statusCode, "an honest request is answered").to.equal(200);
    answer.resume();
    last.destroy();
  });

  it("goes on asking, in bounded memory, whatever a provider answers", async () => {
    await world.provider.reopen();
    await world.consumer.reopen();
    const grant = await world.grant(["code", "name"], { calls: 1_000_000 });
    const { tls: material } = world.provider.handover;
    const hostility = new Hostility(SEED);
    const server = createServer({
      ...material,
      ca: [...tls.authorities()],
      requestCert: true,
      keepAliveTimeout: 60_000,
    });
    const answer = await honestAnswer(world, grant);
    server.on("request", (request, response) => {
      request.resume();
      request.once("end", () => void hostilely(response, hostility, answer));
    });
    const address = await listening(server);
    try {
      node = await new KillableSide((await planSides(world, address)).consumer).begin();
      const asks = [
        world.ask(grant, { subject: { code: "000371" } }),
        world.ask(grant, { way: "verification", subject: { code: "000371" } }),
        world.ask(grant, { way: "download" }),
      ];
      const held = memory();
      for (let asked = 0; asked < MESSAGES / 2; asked += AT_ONCE) {
        const some = Array.from({ length: AT_ONCE }, () => hostility.pick(asks));
        const reply: Reply | Died = await node.order({ $case: "get", asks: some });
        if (reply.$case !== "got") expect.fail(JSON.stringify(reply));
        for (const one of reply.accesses) {
          expect(one.$case === "failed" ? one.code : "taken", JSON.stringify(one)).to.be.oneOf(CODES);
        }
        await held.after(asked);
      }
      expect(await node.order({ $case: "publish" })).to.deep.equal({ $case: "done" });
      await held.expectBounded();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

const CODES = ["BAD_ANSWER", "BAD_SIGNATURE", "BROKEN_OFF", "UNREACHABLE", "NOT_READY", "WRONG_DEPARTMENT"];

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One that was true of another request. */
async function honestAnswer({ consumer, officer, ask }: ExchangeWorld, grant: Parameters<ExchangeWorld["ask"]>[0]) {
  const { consumer: desk, connections } = consumer.exchange;
  const signed = await desk.sign(officer.signer, ask(grant, { subject: { code: "000371" } }));
  return await connections.json(signed.request.provider, "/exchange/v1/access", signed);
}

async function hostilely(response: ServerResponse, hostility: Hostility, honest: unknown): Promise<void> {
  response.on("error", () => undefined);
  const body = hostility.answer(honest);
  response.writeHead(hostility.status(), { "content-type": "application/json" });
  switch (hostility.ending()) {
    case "whole":
      response.end(body);
      return;
    case "cut":
      response.write(body.subarray(0, body.length / 2));
      response.destroy();
      return;
    case "slow":
      response.write(body.subarray(0, body.length / 2));
      await delay(20);
      response.end(body.subarray(body.length / 2));
  }
}
