import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelLedger, createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { collectionCheck } from "@wanlian/network/embedded/peer/lifecycle/collection-access.js";
import { Lifecycle } from "@wanlian/network/embedded/peer/lifecycle/lifecycle.js";
import { Simulator } from "@wanlian/network/embedded/peer/simulation/simulator.js";
import { text, toHex } from "@wanlian/protocol/bytes.js";
import {
  ApproveChaincodeDefinitionForMyOrgArgs,
  CommitChaincodeDefinitionArgs,
} from "@wanlian/protocol/messages/lifecycle.js";
import { expect } from "chai";
import { recordedChannels } from "../../vectors/channels.js";
import { asOrdered, type RecordedTransaction, recordedTransactions } from "./recorded.js";

/**
 * Real peers endorsed these lifecycle transactions. A peer that stands at the same block has to read and write the very same, or its
 * endorsement would not go with theirs.
 */
describe("lifecycle › read-write sets of real Fabric 3.1.5 peers, to the byte", () => {
  for (const { name, blocks } of recordedChannels()) {
    describe(name, () => {
      let directory: string;
      let ledger: ChannelLedger | undefined;

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "wanlian-conformance-"));
      });

      after(async () => {
        await ledger?.close();
        await rm(directory, { recursive: true });
      });

      for (const { number, block } of blocks) {
        const transactions = recordedTransactions(block).filter(({ chaincode }) => chaincode === "_lifecycle");
        if (transactions.length === 0) continue;
        const methods = new Set(transactions.map(({ args }) => text(args[0] ?? new Uint8Array(0))));
        it(`block ${number}: ${transactions.length} × ${[...methods].join(", ")}`, async () => {
          const at = await ledgerAt(number);
          for (const transaction of transactions) {
            expect(toHex(await simulate(at, transaction))).to.equal(toHex(transaction.results));
          }
        });
      }

      /** The ledger before a block. */
      async function ledgerAt(number: bigint): Promise<ChannelLedger> {
        const [genesis] = blocks;
        if (genesis === undefined) throw new Error("nothing was recorded");
        ledger ??= await createLedger({ directory, mspId: "BureauMSP" }, genesis.block);
        for (let next = ledger.height; next < number; next++) {
          const found = blocks[Number(next)];
          if (found !== undefined) await ledger.commit(asOrdered(found.block));
        }
        return ledger;
      }
    });
  }
});

async function simulate(ledger: ChannelLedger, { args, txId, endorsers }: RecordedTransaction): Promise<Uint8Array> {
  const simulator = new Simulator(txId, ledger.snapshot(), collectionCheck(ledger.config));
  try {
    const lifecycle = new Lifecycle(endorsers[0] ?? "", ledger.config, simulator);
    const [method, input = new Uint8Array(0)] = args;
    if (text(method ?? new Uint8Array(0)) === "CommitChaincodeDefinition") {
      await lifecycle.commit(CommitChaincodeDefinitionArgs.decode(input));
    } else {
      const proposed = ApproveChaincodeDefinitionForMyOrgArgs.decode(input);
      await lifecycle.approve(proposed, proposed.source?.localPackage?.packageId ?? "");
    }
    return (await simulator.finish()).finish().publicBytes;
  } finally {
    await simulator.release();
  }
}
