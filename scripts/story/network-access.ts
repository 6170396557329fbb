import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { Desk } from "../host/desk.js";
import type { Operator } from "./operator.js";

/** What an operator of a department can lay hands on beside its node: peers, the orderer, its own contract process. */
export interface NetworkAccess {
  /** A department's officer as an operator: the officer's key, past the node. */
  operator(mspId: string, post: "steward" | "user"): Promise<Operator>;
  /** A system of a department's gets a certificate of its own, as its administrator makes one, and logs in. */
  machine(mspId: string, number: string): Promise<Desk>;
  /** The peer of a department. */
  peer(mspId: string): PeerClient;
  /** Tells a department's node where the data of its release lies: the node's own configuration, as its administrator writes it. */
  offer(
    mspId: string,
    release: { readonly dataset: string; readonly rowRoot: string; readonly tree: string; readonly file: string },
  ): Promise<void>;
  /** Keeps a copy of a department's access log, lets the work be done, and puts the copy in the place of the log. */
  withOldLog(mspId: string, work: () => Promise<void>): Promise<void>;
  /** Stops every department's node for the time of the work. */
  withNodesStopped(work: () => Promise<void>): Promise<void>;
  /** Runs the altered contract in the place of the real one beside these departments' peers, then puts the real one back. */
  withAlteredContracts<T>(mspIds: readonly string[], work: () => Promise<T>): Promise<T>;
}
