import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import * as fc from "fast-check";
import { type City, evaluate, sharedCity, submit } from "./city.js";

const UNARY = [
  "/protos.Endorser/ProcessProposal",
  "/discovery.Discovery/Discover",
  "/gateway.Gateway/Evaluate",
  "/gateway.Gateway/Endorse",
  "/gateway.Gateway/Submit",
  "/gateway.Gateway/CommitStatus",
] as const;
const STREAMS = ["/protos.Deliver/Deliver", "/protos.Deliver/DeliverFiltered"] as const;
const ROUNDS = 30;
/** To discovery: somebody, who has no question. */
const ASKS_NOTHING = Buffer.from([10, 5, 10, 3, 10, 1, 0]);

describe("peer › an outsider", function () {
  this.timeout(60_000);
  let city: City;
  let client: Client;

  before(async () => {
    city = await sharedCity();
    const roots = await readFile(join(city.network.world.directory, "organizations", "BureauMSP", "tlsca", "cert.pem"));
    client = new Client(city.network.departments[0]?.peers[0].address ?? "", credentials.createSsl(roots));
  });

  after(() => client?.close());

  const raw = (bytes: Buffer): Buffer => bytes;
  /**
   * Calls with any bytes at all; resolves to whether the peer told nothing: it said no, or, asked for nothing by
   * somebody named, answered nothing (Fabric's discovery/service.go looks at who asks a question by question).
   */
  const tellsNothing = (path: string, bytes: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      client.makeUnaryRequest(path, raw, raw, bytes, (error, answer) =>
        resolve(error !== null || answer?.length === 0),
      );
    });
  const endsWithoutBlock = (path: string, bytes: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      const call = client.makeBidiStreamRequest(path, raw, raw, new Metadata());
      let blocks = 0;
      call.on("data", (answer: Buffer) => {
        // A status is two or three bytes long.
        if (answer.length > 4) blocks += 1;
      });
      call.on("error", () => resolve(blocks === 0));
      call.on("end", () => resolve(blocks === 0));
      call.write(bytes);
      call.end();
    });
  /** Protobuf-like noise: fields with lengths, nested now and then. */
  const noise = fc.letrec<{ message: Uint8Array }>((tie) => ({
    message: fc
      .array(
        fc.tuple(
          fc.integer({ min: 1, max: 8 }),
          fc.oneof({ depthSize: "small" }, fc.uint8Array({ maxLength: 40 }), tie("message")),
        ),
        { maxLength: 5 },
      )
      .map((fields) =>
        Buffer.concat(
          fields
            .filter(([, content]) => content.length < 128)
            .map(([number, content]) => Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])),
        ),
      ),
  })).message;

  for (const path of UNARY) {
    it(`${path}: noise is told nothing`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(noise, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
          expect(await tellsNothing(path, Buffer.from(bytes))).to.equal(true);
        }),
        { numRuns: ROUNDS, examples: [[ASKS_NOTHING]] },
      );
    });
  }

  for (const path of STREAMS) {
    it(`${path}: noise brings no block`, async () => {
      await fc.assert(
        fc.asyncProperty(noise, async (bytes) => {
          expect(await endsWithoutBlock(path, Buffer.from(bytes))).to.equal(true);
        }),
        { numRuns: ROUNDS },
      );
    });
  }

  it("has changed nothing: the peer serves those who may ask", async () => {
    await submit(city.bureau, "put", "after", "the noise");
    expect(await evaluate(city.bureau, "get", "after")).to.equal("the noise");
  });
});
