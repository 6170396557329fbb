import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Desk, refusalCode } from "@wanlian/scripts/host/desk.js";
import { expect } from "chai";

describe("an officer's desk", () => {
  let server: Server;
  let answers: { readonly status: number; readonly body: object }[];
  let logIns: number;
  let desk: Desk;

  const refusal = (status: number, code: string) => ({ status, body: { code, title: code, detail: code } });
  const answer = (request: IncomingMessage): { readonly status: number; readonly body: object } => {
    if (!request.url?.endsWith("/sessions")) return answers.shift() ?? { status: 200, body: { row: 1 } };
    logIns += 1;
    return { status: 200, body: { token: `token-${logIns}` } };
  };

  beforeEach(async () => {
    [answers, logIns] = [[], 0];
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const { status, body } = answer(request);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    desk = await Desk.logIn(`http://127.0.0.1:${port}`, { officer: "0010", passphrase: "a passphrase" });
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("asks again where the node has just come back and is behind the ledger", async () => {
    answers = [refusal(503, "NOT_READY"), refusal(503, "NOT_READY")];
    expect(await desk.ask("accesses", {})).to.deep.equal({ row: 1 });
    expect(answers).to.deep.equal([]);
  });

  it("logs in again where the session ended with the node, which may then be behind the ledger", async () => {
    answers = [refusal(401, "NOT_LOGGED_IN"), refusal(503, "NOT_READY")];
    expect(await desk.get("status")).to.deep.equal({ row: 1 });
    expect(logIns).to.equal(2);
  });

  it("takes every other refusal for what it is, at once", async () => {
    answers = [refusal(409, "MOVED"), refusal(503, "NOT_READY")];
    const refused = await desk.ask("accesses", {}).then(
      () => undefined,
      (error: unknown) => refusalCode(error),
    );
    expect(refused).to.equal("MOVED");
    expect(answers).to.have.length(1);
  });
});
