import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import * as changes from "@wanlian/network/channel/changes.js";
import * as files from "@wanlian/network/channel/update-file.js";
import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { admit } from "@wanlian/network/embedded/orderer/admission.js";
import type { StoredBlock } from "@wanlian/network/embedded/orderer/block-store.js";
import { BlockWriter } from "@wanlian/network/embedded/orderer/block-writer.js";
import { Chain } from "@wanlian/network/embedded/orderer/chain.js";
import { readMessage } from "@wanlian/network/embedded/orderer/message.js";
import { headerHash } from "@wanlian/protocol/block.js";
import { Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { Block, type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { ConsensusType, ConsensusTypeState } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

/** A store in memory whose writes the test lets through, or fails. */
class HeldStore {
  readonly blocks: Uint8Array[];
  /** How many blocks each write had. */
  readonly writes: number[] = [];
  write: () => Promise<void> = async () => undefined;

  constructor(genesis: Uint8Array) {
    this.blocks = [genesis];
  }

  async read(number: bigint): Promise<Uint8Array> {
    return this.blocks[Number(number)] ?? expect.fail(`no block ${number}`);
  }

  async append(added: readonly StoredBlock[]): Promise<void> {
    this.writes.push(added.length);
    await this.write();
    for (const { bytes } of added) this.blocks.push(bytes);
  }

  async check(): Promise<void> {
    return undefined;
  }

  async close(): Promise<void> {
    return undefined;
  }
}

describe("orderer › a chain", () => {
  let world: World;
  let genesis: Uint8Array;
  let bundle: Bundle;
  let writer: SigningIdentity;
  let orderer: SigningIdentity;
  let store: HeldStore;
  let chain: Chain;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    genesis = await ordering.genesis({
      ...world,
      topology: { ...world.topology, batch: { ...world.topology.batch, messages: 1 } },
    });
    bundle = bundleFromBlock(Block.decode(genesis).data?.data ?? []);
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    orderer = await ordering.member(world, "OrdererMSP", "orderers/orderer0");
  });

  after(() => world.remove());

  beforeEach(() => {
    store = new HeldStore(genesis);
    const { header } = Block.decode(genesis);
    const lastHash = header ? headerHash(header) : expect.fail("no header");
    const tip = { height: 1n, lastHash, lastConfig: 0n };
    chain = new Chain(new BlockWriter(store, orderer, tip), bundle, { signer: orderer, now: Date.now });
  });

  const { signal } = new AbortController();
  const order = (envelope: Envelope = ordering.signedEnvelope(writer)) => chain.order(readMessage(envelope));
  const refusal = async (work: Promise<unknown>): Promise<Refusal> => {
    const error = await work.catch((reason: unknown) => reason);
    return error instanceof Refusal ? error : expect.fail(`not refused: ${String(error)}`);
  };

  it("lets blocks that are ready while the disk is busy share the next write", async () => {
    let release: () => void = () => undefined;
    store.write = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    await order();
    await order();
    await order();
    await order();
    store.write = async () => undefined;
    release();
    await chain.reach(4n, signal);
    expect(store.writes).to.deep.equal([1, 3]);
    expect(chain.height).to.equal(5n);
  });

  it("delivers nothing that is not on disk", async () => {
    let release: () => void = () => undefined;
    store.write = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    await order();
    expect(chain.height).to.equal(1n);
    release();
    await chain.reach(1n, signal);
    expect(chain.height).to.equal(2n);
  });

  it("refuses who comes with a certificate that has ended with 400, whether its signature is right or not", async () => {
    const { header } = Block.decode(genesis);
    const tip = { height: 1n, lastHash: header ? headerHash(header) : expect.fail("no header"), lastConfig: 0n };
    const inTwentyYears = () => Date.now() + 20 * 365 * 24 * 3600 * 1000;
    chain = new Chain(new BlockWriter(store, orderer, tip), bundle, { signer: orderer, now: inTwentyYears });
    const envelope = ordering.signedEnvelope(writer);
    for (const signature of [envelope.signature, new Uint8Array(8)]) {
      const refused = await refusal(order({ ...envelope, signature }));
      expect([refused.status, refused.message]).to.deep.equal([400, "broadcast client identity expired"]);
    }
  });

  it("under maintenance takes no transactions, whoever sends them", async () => {
    const channel = structuredClone(bundle.config.channelGroup) ?? expect.fail("no group");
    const type = channel.groups.get("Orderer")?.values.get("ConsensusType") ?? expect.fail("no consensus type");
    type.value = ConsensusType.encode({
      ...ConsensusType.decode(type.value),
      state: ConsensusTypeState.STATE_MAINTENANCE,
    });
    const maintained = new Bundle("pilot", { sequence: 1n, channelGroup: channel });
    const department = readMessage(ordering.signedEnvelope(writer));
    expect((await refusal(admit(department, maintained, Date.now()))).status).to.equal(503);
    const update = { ...department, kind: "configUpdate" as const };
    expect((await refusal(admit(update, maintained, Date.now()))).status).to.equal(403);
    const own = readMessage(ordering.signedEnvelope(orderer));
    await admit({ ...own, kind: "configUpdate" }, maintained, Date.now());
  });

  it("answers 503 once a write has failed, ends those who wait, and keeps what it has", async () => {
    store.write = () => Promise.reject(new Error("no space left on device"));
    const waiting = refusal(chain.reach(1n, signal));
    await order();
    expect((await waiting).status).to.equal(Status.SERVICE_UNAVAILABLE);
    const refused = await refusal(order());
    expect(refused.status).to.equal(Status.SERVICE_UNAVAILABLE);
    expect(refused.message).to.include("no space left on device");
    expect(chain.failure).to.include("no space left on device");
    expect(Block.encode(await chain.block(0n))).to.deep.equal(genesis);
    await chain.close();
  });

  it("answers 503 to those who waited for a configuration whose write has failed", async () => {
    let fail: (reason: Error) => void = () => undefined;
    store.write = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    const update = computeUpdate("pilot", bundle.group, changes.setEndorsements(bundle.group, 1));
    let file = files.updateFile(update);
    for (const mspId of ["BureauMSP", ordering.WRITER])
      file = files.signUpdate(file, await ordering.member(world, mspId, "administrators/admin"));
    await order(files.updateEnvelope(file, writer));
    const waiting = refusal(order());
    await new Promise((resolve) => setImmediate(resolve));
    fail(new Error("no space left on device"));
    expect((await waiting).status).to.equal(Status.SERVICE_UNAVAILABLE);
    expect(chain.bundle).to.equal(bundle);
  });

  it("answers 503 rather than keep more in memory than it should", async () => {
    store.write = () => new Promise(() => undefined);
    const large = ordering.signedEnvelope(writer, { data: ordering.transaction(new Uint8Array(9_000_000)) });
    let accepted = 0;
    let refused: unknown;
    while (refused === undefined && accepted < 20) {
      refused = await order(large).then(
        () => {
          accepted += 1;
        },
        (reason: unknown) => reason,
      );
    }
    expect(refused).to.be.instanceOf(Refusal).with.property("status", Status.SERVICE_UNAVAILABLE);
    expect(accepted).to.be.within(7, 10);
  });
});
