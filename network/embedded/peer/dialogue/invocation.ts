import type { SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import type { ProposalView } from "../endorser/proposal.js";
import type { Simulator } from "../simulation/simulator.js";
import type { OpenQuery } from "./queries.js";

/** One key's past, newest first; served by the ledger. */
export interface KeyHistory {
  history(namespace: string, key: string): AsyncIterable<Uint8Array>;
}

/** A client's proposal on its way through chaincodes: the same for the chaincode called and for those it calls. */
export interface ProposalContext {
  readonly txId: string;
  /** Empty for calls to system chaincodes that concern no channel. */
  readonly channelId: string;
  readonly signedProposal: SignedProposal;
  readonly proposal: ProposalView;
  /** Absent where there is no channel, and for qscc and cscc, which read the ledger itself. */
  readonly simulator: Simulator | undefined;
  readonly history: KeyHistory | undefined;
}

/** One run of one chaincode within a proposal. */
export interface Invocation {
  readonly context: ProposalContext;
  /** The chaincode's name: the namespace that its reads and writes belong to. */
  readonly namespace: string;
  readonly isInit: boolean;
  readonly queries: Map<string, OpenQuery>;
}
