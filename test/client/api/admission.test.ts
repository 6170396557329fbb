import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { callOperations } from "@wanlian/client/api/operations/access/calls.js";
import type { CallReader } from "@wanlian/client/calls/mapping.js";
import { PlatformDesk } from "@wanlian/client/calls/platform-desk.js";
import { expect } from "chai";
import { type ApiWorld, apiWorld } from "./world.js";

const SECRET = "what-the-platform-pushes-with";

/** Whoever may not ask is told so before anything of what they send is read, however long they would go on. */
describe("a body that never ends", () => {
  let world: ApiWorld;
  const pushed: number[] = [];
  before(async () => {
    const intake = {
      take: async (records: readonly unknown[]) => {
        pushed.push(records.length);
        return { taken: records.length, withoutGrant: 0, doubled: 0, refused: [] };
      },
    };
    const reader: Pick<CallReader, "read"> = { read: () => ({ facts: {}, details: {} }) as never };
    const desk = new PlatformDesk(intake, reader as CallReader, SECRET);
    world = await apiWorld({ operations: callOperations(() => ({ desk }) as never) });
  });
  after(() => world.stop());

  /** Sends head and half a body; what is answered, and how the connection ends, without another byte of it. */
  async function begin(route: string, headers: Readonly<Record<string, string>>) {
    const asked = request(`${world.base}${route}`, {
      ...{ method: "POST", agent: false },
      headers: { "Content-Type": "application/json", "Transfer-Encoding": "chunked", ...headers },
    });
    asked.on("error", () => undefined);
    asked.write('{"records": [');
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
    if (asked.socket !== null && !asked.socket.closed) await once(asked.socket, "close");
    return { status: response.statusCode, code };
  }

  const REFUSED: readonly [string, string, Readonly<Record<string, string>>][] = [
    ["a platform's push without its secret", "/platform-calls", {}],
    ["a platform's push with another secret", "/platform-calls", { Authorization: `Bearer ${SECRET}2` }],
    ["a platform's push with an officer's way of naming", "/platform-calls", { Authorization: `Basic ${SECRET}` }],
    ["a filing without a session", "/datasets", { "Idempotency-Key": "test-key-endless" }],
    ["a filing with a session that there is not", "/datasets", { Authorization: "Bearer none" }],
    ["a statement of a file without a session", "/handovers", {}],
  ];
  for (const [what, route, headers] of REFUSED) {
    it(`is not waited for: ${what}`, async () => {
      expect(await begin(route, headers)).to.deep.equal({ status: 401, code: "NOT_LOGGED_IN" });
    });
  }

  it("is not read to its end where it has more bytes than there may be, by a platform with its secret neither", async () => {
    const { port } = new URL(world.base);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    const head = `POST /api/v1/platform-calls HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${SECRET}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${2 * 1024 * 1024 + 1}\r\n\r\n{`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString())
      .to.match(/^HTTP\/1.1 413 /)
      .and.include("BODY_TOO_LARGE");
  });

  it("is another's: the platform's own push is taken, by its secret", async () => {
    const { status, body } = await world.call("POST", "/platform-calls", {
      ...{ token: SECRET, body: { records: [{}] } },
    });
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(pushed).to.deep.equal([1]);
  });
});
