import type { Block } from "@wanlian/protocol/messages/common.js";
import type { Ledger } from "../ledger/ledger.js";
import { checkPolicy } from "./access.js";
import { Height } from "./height.js";
import type { SeekRequest } from "./seek.js";
import type { DeliverChannel } from "./session.js";

/** What a client of a peer may ask to see, by the names that ACLs use, and the policy that decides unless an ACL names another. */
const DEFAULT_POLICY = "/Channel/Application/Readers";
export type EventResource = "event/Block" | "event/FilteredBlock";

/** A peer's ledger, followed so that its blocks can be handed out as they are committed. */
export class FollowedLedger {
  readonly #height: Height;
  readonly #unfollow: () => void;

  constructor(readonly ledger: Ledger) {
    this.#height = new Height(ledger.height);
    this.#unfollow = ledger.onCommit(({ number }) => this.#height.advance(number + 1n));
  }

  /** Takes no further notice of the ledger; whoever waits for a block waits until the stream ends. */
  stop(): void {
    this.#unfollow();
  }

  /** The ledger under the access rule of one resource. */
  as(resource: EventResource): DeliverChannel {
    const { ledger } = this;
    const height = this.#height;
    return {
      get height() {
        return height.value;
      },
      get configSequence() {
        return ledger.config.sequence;
      },
      failure: undefined,
      reach: (number, signal) => height.reach(number, signal),
      block: (number) => existing(ledger, number),
      checkAccess: (request: SeekRequest) =>
        checkPolicy(ledger.config, ledger.config.acl(resource) ?? DEFAULT_POLICY, request),
    };
  }
}

async function existing(ledger: Ledger, number: bigint): Promise<Block> {
  const block = await ledger.block(number);
  if (block === undefined) {
    throw new Error(`block ${number} of channel ${ledger.channelId} is missing below the height ${ledger.height}`);
  }
  return block;
}
