import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelLedger, createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { headerHash, statedCommitHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { recordedChannels } from "./channels.js";

describe("replaying blocks of real Fabric 3.1.5 networks", () => {
  for (const { name, blocks } of recordedChannels()) {
    describe(name, () => {
      let directory: string;
      let ledger: ChannelLedger;

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "wanlian-vectors-"));
        ledger = await createLedger({ directory, mspId: "BureauMSP" }, first(blocks).block);
      });

      after(async () => {
        await ledger.close();
        await rm(directory, { recursive: true });
      });

      it("holds every kind of block the manifest lists", () => {
        expect(blocks.map(({ number }) => number)).to.deep.equal(blocks.map((_, index) => BigInt(index)));
      });

      for (const { number, block, codes, headerHash: stated } of blocks.slice(1)) {
        it(`block ${number}: real peers' validation codes and commit hash`, async () => {
          const committed = await ledger.commit(withoutPeerMetadata(block));
          expect([...committed.codes]).to.deep.equal(codes);
          expect(hex(committed.commitHash)).to.equal(hex(statedCommitHash(block)));
          expect(hex(block.header && headerHash(block.header))).to.equal(stated);
        });
      }
    });
  }
});

const hex = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "none" : toHex(bytes));

function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("the manifest is empty");
  return one;
}

/** The block as an orderer delivers it: without what the recording peer added. */
function withoutPeerMetadata(block: Block): Block {
  const metadata = (block.metadata?.metadata ?? []).map((entry, index) =>
    index === 2 || index === 4 ? new Uint8Array(0) : entry,
  );
  return { ...block, metadata: { metadata } };
}
