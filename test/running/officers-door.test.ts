import { once } from "node:events";
import { request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { OfficersDoor, UNKNOWN_OFFICERS } from "@wanlian/client/running/machine/officers-door.js";
import { expect } from "chai";
import express from "express";

describe("the officers' address", () => {
  let server: Server;
  const opened: Socket[] = [];

  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
    server.close();
  });

  /** Whoever asks for /mine counts as logged in. */
  async function serve(...trustedProxies: string[]): Promise<void> {
    const door = new OfficersDoor();
    const app = express().set("trust proxy", trustedProxies);
    app.get("/mine", (asked, response) => {
      door.known(asked.socket);
      response.send("yours");
    });
    server = app.listen(0, "127.0.0.1");
    door.guard(server, app);
    await once(server, "listening");
  }

  const port = () => (server.address() as AddressInfo).port;

  async function open(): Promise<Socket> {
    const socket = connect(port(), "127.0.0.1");
    socket.on("error", () => undefined);
    opened.push(socket);
    await once(socket, "connect");
    return socket;
  }

  const openNow = () =>
    new Promise<number>((resolve, reject) => {
      server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });

  async function knock(times: number): Promise<void> {
    for (let at = 0; at < times; at += 1) await open();
  }

  /** Asks over a connection, which then stays open. */
  async function ask(socket: Socket): Promise<string> {
    socket.write("GET /mine HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString();
  }

  function status(): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: port(), path: "/mine", agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once("error", reject).end();
    });
  }

  it("is open to officers while an outsider holds more connections than one may, and keeps those of who is known", async () => {
    await serve();
    const officer = await open();
    expect(await ask(officer)).to.contain("yours");
    await knock(UNKNOWN_OFFICERS.each + 50);
    expect(await status()).to.equal(200);
    expect(await openNow()).to.be.at.most(UNKNOWN_OFFICERS.each + 2);
    expect(officer.destroyed).to.equal(false);
    expect(await ask(officer)).to.contain("yours");
  });

  it("takes as many as come through a proxy that is trusted", async () => {
    await serve("127.0.0.1");
    await knock(UNKNOWN_OFFICERS.each + 50);
    expect(await openNow()).to.equal(UNKNOWN_OFFICERS.each + 50);
  });
});
