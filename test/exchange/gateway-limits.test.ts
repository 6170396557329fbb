import { X509Certificate } from "node:crypto";
import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type Server, type TLSSocket } from "node:tls";
import { ConnectionLimits, HANDSHAKE_MS, MAX_EACH_DEPARTMENT } from "@wanlian/client/transport/connection-limits.js";
import { DepartmentTls } from "@wanlian/client/transport/department-tls.js";
import { type Call, ExchangeGateway, sendJson } from "@wanlian/client/transport/gateway.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

describe("connections that have not said who they are", () => {
  /** Addresses, and connections from each: below its own limit. */
  const MANY = 20;
  const EACH = 60;
  const MOST = 1024;

  function knocked(addresses: number, each: number) {
    const server = new EventEmitter();
    new ConnectionLimits(server as Server, undefined as unknown as DepartmentTls);
    const open = new Set<string>();
    for (let at = 0; at < addresses * each; at += 1) {
      const socket = Object.assign(new EventEmitter(), {
        remoteAddress: `10.0.0.${at % addresses}`,
        remotePort: at,
        destroy: () => void (open.delete(`${at}`) && socket.emit("close")),
      });
      open.add(`${at}`);
      server.emit("connection", socket);
    }
    return open;
  }

  it("are held up to a number, wherever they come from; the oldest of who has most go", () => {
    const open = knocked(MANY, EACH);
    expect(open.size).to.equal(MOST);
    expect(open.has("0"), "the oldest").to.equal(false);
    expect(open.has(`${MANY * EACH - 1}`), "the newest").to.equal(true);
  });

  it("are held from one address up to a number of its own", () => {
    expect(knocked(1, EACH).size).to.equal(EACH);
    expect(knocked(2, 200).size).to.equal(2 * 64);
  });
});

describe("connections of a department", () => {
  const certificateOf = (department: string) => ({ raw: Buffer.from(department) });

  /** A door, and how many connections of a department it holds. */
  function door() {
    const server = new EventEmitter();
    const tls = { departmentOf: (raw: Uint8Array) => Buffer.from(raw).toString().replace("nobody", "") || undefined };
    new ConnectionLimits(server as Server, tls as unknown as DepartmentTls);
    const open = new Map<string, EventEmitter[]>();
    const knock = (department: string) => {
      const own = open.get(department) ?? [];
      open.set(department, own);
      const socket = Object.assign(new EventEmitter(), {
        ...{ remoteAddress: "10.0.0.1", remotePort: own.length },
        getPeerX509Certificate: () => certificateOf(department),
        destroy: () => {
          own.splice(own.indexOf(socket), 1);
          socket.emit("close");
        },
      });
      own.push(socket);
      server.emit("connection", socket);
      server.emit("secureConnection", socket);
      return socket;
    };
    return { knock, count: (department: string) => open.get(department)?.length ?? 0 };
  }

  it("are held up to a number of its own, and one more for each that ends", () => {
    const { knock, count } = door();
    const first = knock("CivilMSP");
    for (let at = 1; at < MAX_EACH_DEPARTMENT; at += 1) knock("CivilMSP");
    expect(count("CivilMSP")).to.equal(MAX_EACH_DEPARTMENT);
    knock("CivilMSP");
    expect(count("CivilMSP")).to.equal(MAX_EACH_DEPARTMENT);
    knock("TaxMSP");
    expect(count("TaxMSP")).to.equal(1);
    first.destroy();
    knock("CivilMSP");
    knock("CivilMSP");
    expect(count("CivilMSP")).to.equal(MAX_EACH_DEPARTMENT);
  });

  it("count no more among those of nobody, which are left to whoever asks who they are", () => {
    const { knock, count } = door();
    for (let at = 0; at < MAX_EACH_DEPARTMENT + 10; at += 1) knock("nobody");
    expect(count("nobody")).to.equal(MAX_EACH_DEPARTMENT + 10);
  });
});

describe("a certificate that two departments' authorities could have issued", () => {
  let world: ExchangeWorld;
  before(async () => {
    world = await makeExchangeWorld();
  });
  after(() => world.remove());

  it("is no department's, and is let in nowhere", async () => {
    const own = bundleFromBlock(Block.decode(world.ledger.blocks[0] as Uint8Array).data?.data ?? []);
    const { tls: material } = await world.ledger.node(CONSUMER);
    const { raw } = new X509Certificate(material.cert);
    expect(new DepartmentTls(() => own).departmentOf(raw)).to.equal(CONSUMER);
    const [consumer, provider] = [CONSUMER, PROVIDER].map((name) =>
      own.applications.find(({ mspId }) => mspId === name),
    );
    const shared = { applications: [consumer, { ...provider, tlsRootCerts: consumer?.tlsRootCerts }] };
    const tls = new DepartmentTls(() => shared as never);
    expect(tls.departmentOf(raw)).to.equal(undefined);
    const open = ["GET /open", async ({ response }: Call) => sendJson(response, 200, {})] as const;
    const { tls: door } = await world.ledger.node(PROVIDER);
    const ca = new DepartmentTls(() => own).authorities();
    const gateway = new ExchangeGateway(
      { authorities: () => ca, departmentOf: (der) => tls.departmentOf(der) } as DepartmentTls,
      door,
      new Map([open]),
      pino({ level: "silent" }),
    );
    const address = await gateway.listen("127.0.0.1:0");
    try {
      const asked = request(`https://${address}/open`, {
        ...material,
        ca,
        agent: false,
        checkServerIdentity: () => undefined,
      });
      asked.end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.resume();
      expect(answer.statusCode).to.equal(403);
    } finally {
      await gateway.close();
    }
  });
});

describe("the gateway's door", () => {
  let world: ExchangeWorld;
  const opened: (Socket | TLSSocket)[] = [];
  let tls: { readonly cert: string; readonly key: string };
  before(async () => {
    world = await makeExchangeWorld();
    ({ tls } = await world.ledger.node(CONSUMER));
  });
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
  });
  after(() => world.remove());

  const place = () => {
    const [host = "", port = ""] = world.provider.exchange.address.split(":");
    return { host, port: Number(port) };
  };
  const bare = async () => {
    const socket = connect(place());
    socket.on("error", () => undefined);
    opened.push(socket);
    await once(socket, "connect");
    return socket;
  };
  const checkpoint = () => world.consumer.exchange.connections.get(PROVIDER, "/log/v1/checkpoint", 16_384);

  it("stays open to departments while an outsider holds 520 connections that say nothing", async () => {
    const sockets = await Promise.all(Array.from({ length: 520 }, bare));
    expect(await checkpoint()).not.to.equal(undefined);
    const still = () => sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length;
    expect(still(), "most of them were turned away").to.be.below(200);
  });

  it("closes a connection that does not say who it is in time, and none that does", async () => {
    const socket = await bare();
    const known = await introduced();
    const began = performance.now();
    await once(socket.resume(), "close");
    expect(performance.now() - began).to.be.within(HANDSHAKE_MS / 2, HANDSHAKE_MS * 3);
    expect(known.destroyed).to.equal(false);
  }).timeout(60_000);

  it("holds so many connections of a department and no more, without harm to another's", async () => {
    // Many at a time: one that asks nothing for a minute is closed, and a busy machine takes its time.
    const sockets: TLSSocket[] = [];
    while (sockets.length < MAX_EACH_DEPARTMENT)
      sockets.push(...(await Promise.all(Array.from({ length: MAX_EACH_DEPARTMENT / 8 }, introduced))));
    const last = await introduced();
    expect(await answer(last), "the one too many").to.equal(undefined);
    expect(await answer(sockets[0] as TLSSocket), "the first").to.match(/^HTTP\/1\.1 200 /);
    // The node's own connections, from the tests before, count too.
    const open = sockets.filter(({ destroyed }) => !destroyed).length;
    expect(open).to.be.within(MAX_EACH_DEPARTMENT - 4, MAX_EACH_DEPARTMENT);
    const bureau = world.bureau.exchange.connections;
    expect(await bureau.get(PROVIDER, "/log/v1/checkpoint", 16_384)).not.to.equal(undefined);
  }).timeout(60_000);

  /** What the gateway says to a request over a connection; undefined where it closes it instead. */
  async function answer(socket: TLSSocket): Promise<string | undefined> {
    if (socket.destroyed) return undefined;
    const said = new Promise<string | undefined>((resolve) => {
      socket.once("data", (bytes: Buffer) => resolve(bytes.toString("latin1")));
      socket.once("close", () => resolve(undefined));
    });
    socket.write("GET /log/v1/checkpoint HTTP/1.1\r\nHost: gateway\r\n\r\n");
    return await said;
  }

  async function introduced(): Promise<TLSSocket> {
    const socket = connectTls({ ...place(), ...tls, rejectUnauthorized: false, minVersion: "TLSv1.3" });
    socket.on("error", () => undefined);
    opened.push(socket);
    await once(socket, "secureConnect");
    return socket;
  }
});
