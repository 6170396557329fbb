import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import {
  callerCertificateHash,
  clientCredentials,
  serverCredentials,
  type TlsMaterial,
  tlsCertificateHash,
} from "@wanlian/network/grpc/credentials.js";
import { ConcurrencyLimit } from "@wanlian/network/grpc/limits.js";
import { RpcError } from "@wanlian/network/grpc/rpc-error.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { Deliver, Endorser, Gateway } from "@wanlian/network/grpc/services.js";
import { expect } from "chai";

async function tlsMaterial(directory: string): Promise<TlsMaterial & { roots: string }> {
  const [cert, key, roots] = await Promise.all(
    ["cert.pem", "key.pem", "ca.pem"].map((name) => readFile(join(directory, "tls", name), "utf8")),
  );
  return { cert: cert ?? "", key: key ?? "", roots: roots ?? "" };
}

async function failure(work: Promise<unknown>): Promise<RpcError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

describe("gRPC", () => {
  let directory: string;
  let server: TlsMaterial & { roots: string };
  let client: TlsMaterial & { roots: string };
  let closing: (() => unknown)[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "grpc-"));
    const organisation = await Organisation.create(directory, "BureauMSP", "Bureau");
    server = await tlsMaterial(await organisation.addPeer("peer0", ["localhost", "127.0.0.1"]));
    client = await tlsMaterial(await organisation.addClient("node", ["node"], ["localhost"]));
  });

  after(() => rm(directory, { recursive: true }));

  afterEach(async () => {
    for (const close of closing) await close();
    closing = [];
  });

  async function connect(serving: RpcServer, clientRoots?: string, own?: TlsMaterial): Promise<RpcClient> {
    const port = await serving.listen("127.0.0.1:0", serverCredentials(server, clientRoots));
    const connection = new RpcClient(`127.0.0.1:${port}`, clientCredentials(server.roots, own));
    closing.push(
      () => connection.close(),
      () => serving.close(),
    );
    return connection;
  }

  it("carries a request, its answer, and an error's code and text", async () => {
    const serving = new RpcServer().unary(Endorser.processProposal, async (proposal) => {
      if (proposal.signature.length === 0) throw new RpcError(status.INVALID_ARGUMENT, "no signature");
      if (proposal.proposalBytes.length === 0) throw new Error("no proposal");
      return { version: 1, payload: proposal.proposalBytes };
    });
    const connection = await connect(serving);
    const answer = await connection.unary(Endorser.processProposal, {
      proposalBytes: Buffer.from("proposal"),
      signature: Buffer.from("signature"),
    });
    expect(Buffer.from(answer.payload).toString()).to.equal("proposal");
    const typed = await failure(connection.unary(Endorser.processProposal, {}));
    expect([typed.code, typed.message]).to.deep.equal([status.INVALID_ARGUMENT, "no signature"]);
    const untyped = await failure(connection.unary(Endorser.processProposal, { signature: Buffer.from("s") }));
    expect([untyped.code, untyped.message]).to.deep.equal([status.UNKNOWN, "no proposal"]);
  });

  it("answers UNIMPLEMENTED for a method that nobody registered", async () => {
    const connection = await connect(new RpcServer());
    const { code } = await failure(connection.unary(Gateway.submit, {}));
    expect(code).to.equal(status.UNIMPLEMENTED);
  });

  it("streams both ways and ends when the handler does", async () => {
    const serving = new RpcServer().bidi(Deliver.deliver, async (requests, send) => {
      for await (const request of requests) await send({ status: request.payload.length });
    });
    const stream = (await connect(serving)).bidi(Deliver.deliver);
    await stream.send({ payload: Buffer.alloc(200) });
    await stream.send({ payload: Buffer.alloc(404) });
    stream.end();
    const statuses = [];
    for await (const response of stream) statuses.push(response.status);
    expect(statuses).to.deep.equal([200, 404]);
  });

  it("tells a handler that its client went away", async () => {
    let gone: (reason: unknown) => void;
    const left = new Promise((resolve) => {
      gone = resolve;
    });
    const serving = new RpcServer().bidi(Deliver.deliver, async (_requests, send, { signal }) => {
      signal.addEventListener("abort", () => gone(signal.reason));
      await send({ status: 200 });
      await left;
    });
    const stream = (await connect(serving)).bidi(Deliver.deliver);
    for await (const _response of stream) break;
    expect(await left)
      .to.be.instanceOf(RpcError)
      .with.property("code", status.CANCELLED);
  });

  it("ends open streams as UNAVAILABLE when the server closes", async () => {
    const serving = new RpcServer().bidi(Deliver.deliver, async (_requests, send, { signal }) => {
      await send({ status: 200 });
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    const stream = (await connect(serving)).bidi(Deliver.deliver);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    const [ended] = await Promise.all([failure(iterator.next()), serving.close()]);
    expect(ended.code).to.equal(status.UNAVAILABLE);
  });

  it("ends streams that wait for a request likewise", async () => {
    const serving = new RpcServer().bidi(Deliver.deliver, async (requests, send) => {
      for await (const request of requests) await send({ status: request.payload.length });
    });
    const stream = (await connect(serving)).bidi(Deliver.deliver);
    const iterator = stream[Symbol.asyncIterator]();
    await stream.send({ payload: Buffer.alloc(200) });
    await iterator.next();
    const [ended] = await Promise.all([failure(iterator.next()), serving.close()]);
    expect(ended.code).to.equal(status.UNAVAILABLE);
    expect(ended.message).to.contain("shutting down");
  });

  it("under mutual TLS knows the caller's certificate and turns away who has none", async () => {
    let seen: Uint8Array | undefined;
    const serving = new RpcServer().unary(Endorser.processProposal, async (_proposal, { call }) => {
      seen = callerCertificateHash(call);
      return {};
    });
    const connection = await connect(serving, client.roots, client);
    await connection.unary(Endorser.processProposal, {});
    expect(seen).to.deep.equal(tlsCertificateHash(client.cert));
    const stranger = await connect(
      new RpcServer().unary(Endorser.processProposal, async () => ({})),
      client.roots,
    );
    const { code } = await failure(stranger.unary(Endorser.processProposal, {}));
    expect(code).to.equal(status.UNAVAILABLE);
  });

  it("refuses a call beyond the limit of its service at once", async () => {
    const limit = new ConcurrencyLimit("/gateway.Gateway", 1);
    let release: (value: string) => void = () => undefined;
    const first = limit.run(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const second = await failure(limit.run(async () => "second"));
    expect(second.message).to.equal("too many requests for /gateway.Gateway, exceeding concurrency limit (1)");
    release("first");
    expect(await first).to.equal("first");
    expect(await limit.run(async () => "third")).to.equal("third");
  });
});
