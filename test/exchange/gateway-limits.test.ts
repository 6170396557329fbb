import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { HANDSHAKE_MS, MAX_EACH_DEPARTMENT } from "@wanlian/client/transport/connection-limits.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

describe("the gateway's door", () => {
  let world: ExchangeWorld;
  const opened: (Socket | TLSSocket)[] = [];
  before(async () => {
    world = await makeExchangeWorld();
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
    const sockets: TLSSocket[] = [];
    for (let at = 0; at < MAX_EACH_DEPARTMENT + 1; at += 1) sockets.push(await introduced());
    const last = sockets.at(-1) as TLSSocket;
    if (!last.destroyed) await once(last.resume(), "close");
    // The node's own connections, from the tests before, count too.
    const open = sockets.filter(({ destroyed }) => !destroyed).length;
    expect(open).to.be.within(MAX_EACH_DEPARTMENT - 4, MAX_EACH_DEPARTMENT);
    const first = sockets.slice(0, MAX_EACH_DEPARTMENT - 4);
    expect(first.every(({ destroyed }) => !destroyed)).to.equal(true);
    const bureau = world.bureau.exchange.connections;
    expect(await bureau.get(PROVIDER, "/log/v1/checkpoint", 16_384)).not.to.equal(undefined);
  }).timeout(60_000);

  async function introduced(): Promise<TLSSocket> {
    const { tls } = await world.ledger.node(CONSUMER);
    const socket = connectTls({ ...place(), ...tls, rejectUnauthorized: false, minVersion: "TLSv1.3" });
    socket.on("error", () => undefined);
    opened.push(socket);
    await once(socket, "secureConnect");
    return socket;
  }
});
