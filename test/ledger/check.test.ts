import { join } from "node:path";
import { isDamage } from "@wanlian/network/embedded/checksum.js";
import { createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { checkLedger, type LedgerCheck } from "@wanlian/network/embedded/ledger/check.js";
import { blockKey } from "@wanlian/network/embedded/ledger/keys.js";
import { Store } from "@wanlian/network/embedded/ledger/store.js";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { expect } from "chai";
import { CHAINCODE, definitionWrites, TestChannel } from "./channel.js";

describe("checking a ledger", () => {
  let channel: TestChannel;
  let directory: string;

  before(async () => {
    channel = await TestChannel.make();
    directory = join(channel.world.directory, "checked");
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const ledger = await open();
    const define = { chaincode: "_lifecycle", endorsers, sets: { _lifecycle: definitionWrites() } };
    await ledger.commit(channel.order(channel.draft(define).envelope));
    for (const key of ["a", "b", "c"]) {
      const sets = { [CHAINCODE]: { writes: [{ key, value: utf8("1") }] } };
      await ledger.commit(channel.order(channel.draft({ sets, endorsers }).envelope, channel.draft({ sets }).envelope));
    }
    await ledger.close();
  });

  after(() => channel.close());

  const open = () => createLedger({ directory, mspId: "BureauMSP" }, channel.genesis);

  /** What opening finds already, by the chain alone, is a fault too; what only the rules can tell, the check finds. */
  async function check(): Promise<Partial<LedgerCheck>> {
    const ledger = await open().catch((error: unknown) => {
      if (isDamage(error)) return error;
      throw error;
    });
    if (ledger instanceof Error)
      return { fault: { block: BigInt(String(ledger.details.block)), reason: ledger.message } };
    const result = await checkLedger(ledger, "BureauMSP", join(channel.world.directory, "scratch"));
    await ledger.close();
    return result;
  }

  it("passes one that is as it was written", async () => {
    expect(await check())
      .to.deep.include({ blocks: 5n, transactions: 7 })
      .and.not.have.property("fault");
  });

  it("finds a single flipped bit in an old block, whatever it hits", async () => {
    const key = blockKey(2n);
    const sound = await stored(key);
    for (let position = 50; position < sound.length - 2; position += Math.ceil(sound.length / 6)) {
      const flipped = Uint8Array.from(sound);
      flipped[position] = (flipped[position] ?? 0) ^ 1;
      await store(key, flipped);
      const { fault } = await check();
      expect(fault?.block, `bit at ${position}`).to.equal(2n);
      expect(fault?.reason).to.not.equal("");
    }
    await store(key, sound);
    expect(await check()).to.not.have.property("fault");
  });

  async function stored(key: Uint8Array): Promise<Uint8Array> {
    const database = await Store.open(directory);
    const value = database.get(key);
    await database.close();
    if (value === undefined) throw new Error("there is no such block");
    return value;
  }

  async function store(key: Uint8Array, value: Uint8Array): Promise<void> {
    const database = await Store.open(directory);
    await database.write([{ type: "put", key, value }]);
    await database.close();
  }
});
