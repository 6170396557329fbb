import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { checkLedger } from "@wanlian/network/embedded/ledger/check.js";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { CHAINCODE, definitionWrites, TestChannel } from "./channel.js";

const ROUNDS = 5;
const BLOCKS_A_ROUND = 12;

describe("a ledger whose process is killed", () => {
  let channel: TestChannel;
  let folder: string;
  let directory: string;

  before(async () => {
    channel = await TestChannel.make();
    folder = join(channel.world.directory, "blocks");
    directory = join(channel.world.directory, "killed");
    await mkdir(folder);
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const define = { chaincode: "_lifecycle", endorsers, sets: { _lifecycle: definitionWrites() } };
    channel.order(channel.draft(define).envelope);
    for (let index = 0; index < ROUNDS * BLOCKS_A_ROUND; index++) {
      const writes = [{ key: `key${index}`, value: utf8("x".repeat(2000)) }];
      channel.order(channel.draft({ sets: { [CHAINCODE]: { writes } }, endorsers }).envelope);
    }
    for (const [index, block] of [channel.genesis, ...channel.blocks].entries()) {
      await writeFile(join(folder, `${String(index).padStart(4, "0")}.block`), Block.encode(block));
    }
  });

  after(() => channel.close());

  /** Commits until `number` was said, then dies at once. */
  function commitUntil(number: number): Promise<number> {
    const program = fileURLToPath(new URL("committer.js", import.meta.url));
    const child = spawn(process.execPath, [program, directory, folder], { stdio: ["ignore", "pipe", "inherit"] });
    let said = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      said = Number(line);
      if (said >= number) child.kill("SIGKILL");
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => resolve(said));
    });
  }

  it("has every block that it said it has, whole, and goes on from there", async function () {
    this.timeout(60_000);
    for (let round = 1; round <= ROUNDS; round++) {
      const said = await commitUntil(round * BLOCKS_A_ROUND - 3);
      const ledger = await createLedger({ directory, mspId: "BureauMSP" }, channel.genesis);
      expect(Number(ledger.height)).to.be.above(said);
      const check = await checkLedger(ledger, "BureauMSP", join(channel.world.directory, "scratch"));
      await ledger.close();
      expect(check.fault).to.equal(undefined);
    }
    await commitUntil(Number.POSITIVE_INFINITY);
    const ledger = await createLedger({ directory, mspId: "BureauMSP" }, channel.genesis);
    const reference = await channel.ledger();
    expect(ledger.height).to.equal(reference.height);
    const last = ledger.height - 1n;
    expect(await ledger.commitHash(last)).to.deep.equal(await reference.commitHash(last));
    await ledger.close();
  });
});
