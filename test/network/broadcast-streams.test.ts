import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { serveBroadcast } from "@wanlian/network/embedded/orderer/broadcast.js";
import { BroadcastStreams } from "@wanlian/network/embedded/peer/gateway/broadcast-streams.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials, serverCredentials } from "@wanlian/network/grpc/credentials.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import { Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";

const { signal } = new AbortController();
const envelope = (text: string): Envelope => Envelope.create({ payload: Buffer.from(text) });

describe("gateway › streams to an orderer", () => {
  let directory: string;
  let tls: { cert: string; key: string };
  let roots: string;
  let server: RpcServer;
  let address: string;
  let streams: BroadcastStreams;
  /** How many streams the orderer has seen, and what came over them. */
  let opened: number;
  let ordered: string[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "broadcast-"));
    const organisation = await Organisation.create(directory, "OrdererMSP", "Orderer");
    const folder = join(await organisation.addPeer("peer0", ["localhost", "127.0.0.1"]), "tls");
    const [cert = "", key = "", ca = ""] = await Promise.all(
      ["cert.pem", "key.pem", "ca.pem"].map((name) => readFile(join(folder, name), "utf8")),
    );
    tls = { cert, key };
    roots = ca;
  });

  after(() => rm(directory, { recursive: true }));

  beforeEach(async () => {
    opened = 0;
    ordered = [];
    address = `127.0.0.1:${await serve("127.0.0.1:0")}`;
    streams = new BroadcastStreams(new RpcClient(address, clientCredentials(roots)));
  });

  afterEach(async () => {
    streams.close();
    await server.close();
  });

  function serve(listen: string): Promise<number> {
    server = new RpcServer().bidi(AtomicBroadcast.broadcast, (requests, send) => {
      opened += 1;
      return serveBroadcast(requests, send, async ({ payload }) => {
        const text = Buffer.from(payload).toString();
        if (text === "bad") throw new Refusal(Status.BAD_REQUEST, "bad");
        ordered.push(text);
      });
    });
    return server.listen(listen, serverCredentials(tls));
  }

  it("one stream carries one envelope after the other", async () => {
    for (const text of ["a", "b", "c"]) expect((await streams.broadcast(envelope(text), signal)).status).to.equal(200);
    expect(ordered).to.deep.equal(["a", "b", "c"]);
    expect(opened).to.equal(1);
  });

  it("envelopes do not wait for each other, and a refusal strikes none but its own", async () => {
    const texts = ["a", "bad", "b", "bad", "c"];
    const answers = await Promise.all(texts.map((text) => streams.broadcast(envelope(text), signal)));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 400, 200, 400, 200]);
    expect(ordered).to.have.members(["a", "b", "c"]);
    expect((await streams.broadcast(envelope("d"), signal)).status).to.equal(200);
  });

  it("an orderer's restart between two envelopes goes unnoticed", async () => {
    await streams.broadcast(envelope("before"), signal);
    await server.close();
    await serve(address);
    expect((await streams.broadcast(envelope("after"), signal)).status).to.equal(200);
    expect(ordered).to.deep.equal(["before", "after"]);
  });
});
