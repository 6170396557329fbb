import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import * as changes from "@wanlian/network/channel/changes.js";
import * as files from "@wanlian/network/channel/update-file.js";
import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { readSeekInfo, readSeekRequest, resolveRange } from "@wanlian/network/embedded/deliver/seek.js";
import { seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { admit } from "@wanlian/network/embedded/orderer/admission.js";
import { ChannelError } from "@wanlian/network/embedded/orderer/channel-error.js";
import { orderConfigUpdate } from "@wanlian/network/embedded/orderer/config-update.js";
import { checkJoinBlock } from "@wanlian/network/embedded/orderer/join-block.js";
import { readMessage } from "@wanlian/network/embedded/orderer/message.js";
import { dataHash } from "@wanlian/protocol/block.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { Block, type Envelope } from "@wanlian/protocol/messages/common.js";
import * as fc from "fast-check";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const RUNS = { numRuns: 100 };

/** Some bytes with a few of them changed, left out or repeated: most of it still decodes. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: bytes.length - 1 });
  const change = fc.tuple(at, fc.nat({ max: 255 })).map(([index, value]) => (copy: Uint8Array) => {
    copy[index] = value;
    return copy;
  });
  const cut = fc.tuple(at, fc.nat({ max: 40 })).map(([index, length]) => (copy: Uint8Array) => {
    return Uint8Array.from([...copy.subarray(0, index), ...copy.subarray(index + length)]);
  });
  const edits = fc.array(fc.oneof(change, cut), { minLength: 1, maxLength: 4 });
  return edits.map((all) =>
    all.reduce<Uint8Array>((copy, edit) => (copy.length > 0 ? edit(copy) : copy), Uint8Array.from(bytes)),
  );
}

/** What comes of an input: `fine`, or the reason it is refused. Anything else is a defect, and thrown. */
async function outcome(work: () => unknown): Promise<string> {
  try {
    await work();
    return "fine";
  } catch (error) {
    if (error instanceof Refusal || error instanceof ChannelError) return error.message;
    throw error;
  }
}

describe("orderer › whatever bytes come, it answers", () => {
  let world: World;
  let bundle: Bundle;
  let genesis: Block;
  let writer: SigningIdentity;
  let orderer: SigningIdentity;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    genesis = Block.decode(await ordering.genesis(world));
    bundle = bundleFromBlock(genesis.data?.data ?? []);
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    orderer = await ordering.member(world, "OrdererMSP", "orderers/orderer0");
  });

  after(() => world.remove());

  const holds = (inputs: fc.Arbitrary<Uint8Array>, work: (input: Uint8Array) => unknown) =>
    fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        await outcome(() => work(input));
      }),
      RUNS,
    );

  /** Signs a payload anew, so that more than the signature is looked at. */
  const signed = (payload: Uint8Array): Envelope => ({ payload, signature: writer.sign(payload) });

  const order = async (envelope: Envelope) => {
    const message = readMessage(envelope);
    await admit(message, bundle, Date.now());
    if (message.kind === "configUpdate") await orderConfigUpdate(bundle, message, { signer: orderer, now: Date.now });
  };

  it("to noise", () => holds(fc.uint8Array({ maxLength: 300 }), (payload) => order(signed(payload))));

  it("to damaged transactions", () =>
    holds(damaged(ordering.signedEnvelope(writer).payload), (payload) => order(signed(payload))));

  it("to damaged configuration updates", async () => {
    let file = files.updateFile(computeUpdate("pilot", bundle.group, changes.setEndorsements(bundle.group, 3)));
    for (const mspId of ["BureauMSP", ordering.WRITER])
      file = files.signUpdate(file, await ordering.member(world, mspId, "administrators/admin"));
    const { payload } = files.updateEnvelope(file, writer);
    await order(signed(payload));
    await holds(damaged(payload), (input) => order(signed(input)));
  });

  it("to damaged requests to deliver", () => {
    const seek = { start: { oldest: {} }, stop: { specified: { number: 7n } } };
    const { payload } = seekRequest({ channelId: "pilot", seek }, writer);
    const context = { now: Date.now(), tlsCertHash: undefined };
    return holds(damaged(payload), (input) => {
      const request = readSeekRequest(signed(input), context);
      resolveRange(readSeekInfo(request), 10n);
    });
  });

  it("to damaged blocks to join with", () => {
    const [envelope] = genesis.data?.data ?? [];
    const join = (bytes: Uint8Array) => {
      const data = { data: [bytes] };
      const header = { number: 0n, previousHash: new Uint8Array(), dataHash: dataHash(data.data) };
      return checkJoinBlock({ header, data, metadata: genesis.metadata }, orderer);
    };
    return holds(damaged(envelope ?? new Uint8Array(1)), join);
  });
});
