import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { type SeekCall, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { type DeliverChannel, serveDeliver } from "@wanlian/network/embedded/deliver/session.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Block, Status } from "@wanlian/protocol/messages/common.js";
import { type DeliverResponse, SeekErrorResponse } from "@wanlian/protocol/messages/orderer.js";
import { expect } from "chai";

const NOW = Date.UTC(2026, 8, 28);
const MINUTE = 60_000;
const HEIGHT = 3n;

const all = (errorResponse: number = SeekErrorResponse.STRICT) => ({
  start: { oldest: {} },
  stop: { newest: {} },
  errorResponse,
});

describe("deliver › a session", () => {
  let directory: string;
  let reader: SigningIdentity;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-session-"));
    const organisation = await Organisation.create(directory, "CivilMSP", "civil affairs");
    reader = await SigningIdentity.read("CivilMSP", join(await organisation.addClient("node", ["node"], []), "msp"));
  });

  after(() => rm(directory, { recursive: true }));

  /** A chain of three blocks that anybody may read for an hour. */
  const chain = (other: Partial<DeliverChannel> = {}): DeliverChannel => ({
    height: HEIGHT,
    failure: undefined,
    configSequence: 0n,
    reach: async () => undefined,
    block: async (number) => Block.create({ header: { number, previousHash: sha256(), dataHash: sha256() } }),
    checkAccess: async () => new Date(NOW + 60 * MINUTE),
    ...other,
  });

  interface Setting {
    readonly tlsCertHash?: Uint8Array;
    readonly now?: () => number;
    readonly call?: Partial<SeekCall>;
  }

  /** Serves one request on a stream and gives the numbers and the status that came of it. */
  const serve = async (channel: DeliverChannel, seek: SeekCall["seek"], setting: Setting = {}): Promise<number[]> => {
    const answers: number[] = [];
    const service = {
      now: setting.now ?? (() => NOW),
      channel: () => channel,
      present: async (block: Block): Promise<Encodable<DeliverResponse>> => ({ block }),
    };
    async function* requests() {
      yield seekRequest({ channelId: "pilot", seek, ...setting.call }, reader, NOW);
    }
    const stream = {
      requests: requests(),
      send: async ({ status, block }: Encodable<DeliverResponse>) => {
        answers.push(status ?? Number(block?.header?.number));
      },
      signal: new AbortController().signal,
      tlsCertHash: setting.tlsCertHash,
    };
    await serveDeliver(service, stream, (status) => ({ status }));
    return answers;
  };

  it("asks for access once while the configuration stays, and anew when it has changed", async () => {
    let asked = 0;
    let sequence = 0n;
    const checkAccess = async () => {
      asked += 1;
      return new Date(NOW + MINUTE);
    };
    expect(await serve(chain({ checkAccess }), all())).to.deep.equal([0, 1, 2, 200]);
    expect(asked).to.equal(1);
    const moving = chain({ checkAccess });
    Object.defineProperty(moving, "configSequence", { get: () => sequence++ });
    await serve(moving, all());
    expect(asked).to.equal(1 + 4);
  });

  it("ends with 403 at the block before which access was lost", async () => {
    let sequence = 0n;
    const moving = chain({
      checkAccess: async () => {
        if (sequence > 2n) throw new Refusal(Status.FORBIDDEN, "revoked");
        return new Date(NOW + MINUTE);
      },
    });
    Object.defineProperty(moving, "configSequence", { get: () => sequence++ });
    expect(await serve(moving, all())).to.deep.equal([0, 403]);
  });

  it("ends with 403 when the client's certificate ends while blocks are being sent", async () => {
    let clock = NOW;
    const block = async (number: bigint) => {
      if (number === 2n) clock = NOW + 2 * MINUTE;
      return Block.create({ header: { number, previousHash: sha256(), dataHash: sha256() } });
    };
    const channel = chain({ block, checkAccess: async () => new Date(NOW + MINUTE) });
    expect(await serve(channel, all(), { now: () => clock })).to.deep.equal([0, 1, 403]);
  });

  it("answers 503 on a chain that has failed, unless the best that can be had is good enough", async () => {
    const failed = chain({ failure: "the disk is full" });
    expect(await serve(failed, all())).to.deep.equal([503]);
    expect(await serve(failed, all(SeekErrorResponse.BEST_EFFORT))).to.deep.equal([0, 1, 2, 200]);
  });

  it("under mutual TLS takes requests made for this connection only", async () => {
    const tlsCertHash = sha256(Uint8Array.from([1]));
    expect(await serve(chain(), all(), { tlsCertHash, call: { tlsCertHash } })).to.deep.equal([0, 1, 2, 200]);
    expect(await serve(chain(), all(), { tlsCertHash })).to.deep.equal([400]);
    const other = sha256(Uint8Array.from([2]));
    expect(await serve(chain(), all(), { tlsCertHash, call: { tlsCertHash: other } })).to.deep.equal([400]);
  });
});
