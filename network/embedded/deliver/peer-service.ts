import type { Encodable } from "@wanlian/protocol/codec.js";
import type { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import type { PeerDeliverResponse } from "@wanlian/protocol/messages/events.js";
import type { SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { callerCertificateHash } from "../../grpc/credentials.js";
import { CONCURRENCY, ConcurrencyLimit } from "../../grpc/limits.js";
import type { BidiHandler, RpcServer } from "../../grpc/server.js";
import { Deliver } from "../../grpc/services.js";
import type { Ledger } from "../ledger/ledger.js";
import { contentOf } from "./block-content.js";
import { filterBlock } from "./filtered-block.js";
import type { EventResource, FollowedLedger } from "./ledger-channel.js";
import { serveDeliver } from "./session.js";

/** What a peer's deliver services hand out. */
export interface PeerBlocks {
  /** The ledger of a channel this peer has joined. */
  followed(channelId: string): FollowedLedger | undefined;
  /** The private write sets of a block, by transaction, that `creator` may see and this peer has. */
  privateData(ledger: Ledger, block: Block, creator: Uint8Array): Promise<ReadonlyMap<bigint, TxPvtReadWriteSet>>;
}

type Present = (
  block: Block,
  seek: SeekInfo,
  ledger: Ledger,
  creator: Uint8Array,
) => Promise<Encodable<PeerDeliverResponse>>;

/** Adds the peer's three deliver services to a server. */
export function addPeerDeliver(server: RpcServer, blocks: PeerBlocks, now: () => number = Date.now): void {
  const limit = new ConcurrencyLimit("/protos.Deliver", CONCURRENCY.deliver);
  const serve =
    (resource: EventResource, present: Present): BidiHandler<Envelope, PeerDeliverResponse> =>
    (requests, send, { call, signal }) => {
      const service = {
        now,
        channel: (id: string) => blocks.followed(id)?.as(resource),
        present: async (
          block: Block,
          seek: SeekInfo,
          { channelId, creator }: { channelId: string; creator: Uint8Array },
        ) => {
          const followed = blocks.followed(channelId);
          if (followed === undefined) {
            throw new Error(`channel ${channelId} was left while its blocks were being delivered`);
          }
          return present(block, seek, followed.ledger, creator);
        },
      };
      const stream = { requests, send, signal, tlsCertHash: callerCertificateHash(call) };
      return limit.run(() => serveDeliver(service, stream, (status) => ({ status })));
    };
  server
    .bidi(
      Deliver.deliver,
      serve("event/Block", async (block, seek) => ({ block: contentOf(block, seek) })),
    )
    .bidi(
      Deliver.deliverFiltered,
      serve("event/FilteredBlock", async (block, _seek, { channelId }) => ({
        filteredBlock: filterBlock(channelId, block),
      })),
    )
    .bidi(
      Deliver.deliverWithPrivateData,
      serve("event/Block", async (block, seek, ledger, creator) => ({
        blockAndPrivateData: {
          block: contentOf(block, seek),
          privateDataMap: await blocks.privateData(ledger, block, creator),
        },
      })),
    );
}
