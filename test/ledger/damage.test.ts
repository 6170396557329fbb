import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkedValue, isCorruption, isDamage, withChecksum } from "@wanlian/network/embedded/checksum.js";
import { type ChannelLedger, createLedger, openLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { checkLedger } from "@wanlian/network/embedded/ledger/check.js";
import { HEIGHT } from "@wanlian/network/embedded/ledger/keys.js";
import { rebuildLedger } from "@wanlian/network/embedded/ledger/rebuild.js";
import { Store } from "@wanlian/network/embedded/ledger/store.js";
import { BlockStore } from "@wanlian/network/embedded/orderer/block-store.js";
import { HeightMark } from "@wanlian/network/embedded/orderer/height-mark.js";
import { openChain } from "@wanlian/network/embedded/orderer/open-chain.js";
import { NetworkError } from "@wanlian/network/error.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { CHAINCODE, definitionWrites, TestChannel } from "./channel.js";

const MSP = { mspId: "BureauMSP" };
/** Enough for LevelDB's log to have several of its own blocks of 32 KiB, each of which it skips whole. */
const BLOCKS = 30;
const FLIPS = 24;

describe("the checksum of an entry", () => {
  it("is the same for an empty value, whether its memory is anywhere or nowhere", () => {
    const key = Uint8Array.of(1, 2, 3);
    const values = [new Uint8Array(0), Buffer.alloc(8).subarray(4, 4), new Uint8Array(new ArrayBuffer(0))];
    for (const value of values) expect(checkedValue(key, withChecksum(key, value))).to.deep.equal(new Uint8Array(0));
    for (const value of values) expect(withChecksum(key, value)).to.deep.equal(withChecksum(key, new Uint8Array(0)));
  });
});

describe("a disk that gives back something else", () => {
  let channel: TestChannel;
  /** As it was written last: everything in the log. */
  let logged: string;
  /** Opened once more and closed: everything in tables. */
  let tabled: string;
  let copies = 0;

  before(async function () {
    this.timeout(60_000);
    channel = await TestChannel.make();
    logged = join(channel.world.directory, "logged");
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const ledger = await createLedger({ directory: logged, ...MSP }, channel.genesis);
    const define = { chaincode: "_lifecycle", endorsers, sets: { _lifecycle: definitionWrites() } };
    await ledger.commit(channel.order(channel.draft(define).envelope));
    for (let index = 0; index < BLOCKS; index++) {
      const writes = [{ key: `key${index}`, value: randomBytes(3000) }];
      await ledger.commit(channel.order(channel.draft({ sets: { [CHAINCODE]: { writes } }, endorsers }).envelope));
    }
    await ledger.close();
    tabled = copyOf(logged);
    await (await openLedger({ directory: tabled, ...MSP })).close();
  });

  after(() => channel.close());

  function copyOf(directory: string): string {
    const copy = join(channel.world.directory, `copy${copies++}`);
    cpSync(directory, copy, { recursive: true });
    return copy;
  }

  /** Copies of a database, each with one bit flipped somewhere in its files with this ending. */
  function* flipped(directory: string, ending: string): Generator<string> {
    const [file] = largestFirst(directory, ending);
    if (file === undefined) throw new Error(`no ${ending} in ${directory}`);
    const sound = readFileSync(join(directory, file));
    for (let turn = 0; turn < FLIPS; turn++) {
      const copy = copyOf(directory);
      const bytes = Buffer.from(sound);
      const at = Math.floor(((turn + 0.5) * bytes.length) / FLIPS);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (turn % 8));
      writeFileSync(join(copy, file), bytes);
      yield copy;
      rmSync(copy, { recursive: true });
    }
  }

  const isNamed = (error: unknown) => isDamage(error) || isCorruption(error);

  /** Opens a peer's ledger and reads everything; gives whether damage was named. What was not named has to be right. */
  async function peerFinds(directory: string): Promise<boolean> {
    let ledger: ChannelLedger;
    try {
      ledger = await openLedger({ directory, ...MSP });
    } catch (error) {
      if (isNamed(error)) return true;
      throw error;
    }
    try {
      await ledger.checkStored(new AbortController().signal);
      const { fault } = await checkLedger(ledger, MSP.mspId, `${directory}.scratch`);
      expect(fault, `nothing was named in ${directory}`).to.equal(undefined);
      await followOn(ledger);
      return false;
    } catch (error) {
      if (isNamed(error)) return true;
      throw error;
    } finally {
      await ledger.close();
    }
  }

  /** Commits what the ledger lacks. */
  async function followOn(ledger: ChannelLedger): Promise<void> {
    for (const block of channel.blocks.slice(Number(ledger.height) - 1)) await ledger.commit(block);
    expect(Number(ledger.height)).to.equal(channel.blocks.length + 1);
  }

  for (const [what, ending] of [
    ["its log", ".log"],
    ["a table", ".ldb"],
  ] as const)
    it(`is found by a peer wherever a bit of ${what} is flipped, or what is left is right and goes on`, async function () {
      this.timeout(120_000);
      let named = 0;
      for (const copy of flipped(ending === ".log" ? logged : tabled, ending)) if (await peerFinds(copy)) named += 1;
      expect(named).to.be.above(FLIPS / 2);
    });

  it("is found where the height itself is lost: no genesis block goes on top of what is left", async () => {
    const copy = copyOf(tabled);
    const store = await Store.open(copy);
    await store.write([{ type: "del", key: HEIGHT }]);
    await store.close();
    const error = await createLedger({ directory: copy, ...MSP }, channel.genesis).catch((reason: unknown) => reason);
    expect(isDamage(error)).to.equal(true);
  });

  it("is mended at a peer by fetching again, private data kept", async () => {
    const [copy] = flipped(tabled, ".ldb");
    if (copy === undefined) throw new Error("no copy");
    const damagedCopy = copyOf(tabled);
    await rebuildLedger({ directory: damagedCopy, ...MSP }, channel.genesis);
    const ledger = await openLedger({ directory: damagedCopy, ...MSP });
    expect(ledger.height).to.equal(1n);
    await followOn(ledger);
    const { fault } = await checkLedger(ledger, MSP.mspId, `${damagedCopy}.scratch`);
    await ledger.close();
    expect(fault).to.equal(undefined);
    expect(readdirSync(channel.world.directory)).to.include(`${damagedCopy.split("/").at(-1)}.damaged`);
  });

  describe("to an orderer", () => {
    const directoryOf = (name: string) => join(channel.world.directory, name);
    const context = () => ({ signer: channel.orderer, now: Date.now });

    async function stored(name: string): Promise<string> {
      const directory = directoryOf(name);
      const store = await BlockStore.open(directory);
      const blocks = [channel.genesis, ...channel.blocks];
      for (const [number, block] of blocks.entries())
        await store.append([{ number: BigInt(number), bytes: Block.encode(block) }]);
      await store.close();
      return directory;
    }

    const opening = async (directory: string) => {
      const chain = await openChain(directory, context());
      await chain.close();
      return chain.height;
    };

    it("is found before it goes on, wherever a bit of its log is flipped", async function () {
      this.timeout(60_000);
      const directory = await stored("ordered");
      expect(await opening(copyOf(directory))).to.equal(BigInt(channel.blocks.length + 1));
      for (const copy of flipped(directory, ".log")) {
        const error = await opening(copy).catch((reason: unknown) => reason);
        if (typeof error === "bigint") expect(error).to.equal(BigInt(channel.blocks.length + 1));
        else expect(error).to.be.instanceOf(NetworkError).and.have.property("code", "DAMAGED");
      }
    });

    it("is found where the end of its log is gone: it made those blocks and must not make others", async () => {
      const directory = await stored("cut");
      const [log] = largestFirst(directory, ".log");
      if (log === undefined) throw new Error("no log");
      const bytes = readFileSync(join(directory, log));
      writeFileSync(join(directory, log), bytes.subarray(0, bytes.length / 2));
      const error = await opening(directory).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(NetworkError).and.have.property("code", "DAMAGED");
      expect(error)
        .to.have.property("message")
        .that.matches(/block \d+ is missing or damaged.*backup/);
    });

    it("is no reason to end where the mark of the height cannot be written: the next one is", async () => {
      const folder = directoryOf("marked");
      const mark = new HeightMark(join(folder, "HEIGHT"));
      mark.raise(7n);
      expect(await mark.close().catch((reason: Error) => reason)).to.be.instanceOf(Error);
      mkdirSync(folder);
      mark.raise(7n);
      await mark.close();
      expect(await new HeightMark(join(folder, "HEIGHT")).read()).to.equal(7n);
    });

    it("is found in the background where it is in an old table", async () => {
      const directory = await stored("old");
      await (await BlockStore.open(directory)).close();
      const [copy] = flipped(directory, ".ldb");
      if (copy === undefined) throw new Error("no copy");
      const store = await BlockStore.open(copy);
      const found = await store.check(new AbortController().signal).catch((reason: unknown) => reason);
      await store.close();
      expect(isDamage(found)).to.equal(true);
    });
  });

  const largestFirst = (directory: string, ending: string): string[] =>
    readdirSync(directory)
      .filter((name) => name.endsWith(ending))
      .sort((a, b) => readFileSync(join(directory, b)).length - readFileSync(join(directory, a)).length);
});
