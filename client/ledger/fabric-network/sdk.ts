import { createRequire } from "node:module";
import { format } from "node:util";
import { NodeError } from "../../core/index.js";

/**
 * The part of the package fabric-common that is used here, under its own names. Written down because the package need
 * not be installed: with its own types nothing could be compiled without it.
 */
export interface Sdk {
  readonly Client: { newClient(name: string): SdkClient };
}

export interface SdkClient {
  newIdentityContext(user: SdkUser): IdentityContext;
  newEndpoint(options: Readonly<Record<string, string | number>>): unknown;
  newEndorser(name: string, mspId: string): Endorser;
  newDiscoverer(name: string, mspId: string): ServiceEndpoint;
  getChannel(name: string): SdkChannel;
  close(): void;
}

/** Whose name goes into a proposal; with signatures made elsewhere, no key is needed. */
export interface SdkUser {
  getName(): string;
  getMspid(): string;
  getIdentity(): { serialize(): Buffer };
}

/** One for each proposal: it holds the proposal's nonce. */
export interface IdentityContext {
  readonly type: string;
}

export interface ServiceEndpoint {
  readonly name: string;
  readonly mspid: string;
  setEndpoint(endpoint: unknown): void;
  /** Whether it is connected now; connects if it was not. */
  checkConnection(): Promise<boolean>;
  disconnect(): void;
}

export interface Endorser extends ServiceEndpoint {
  readonly type: "Endorser";
}

export interface Committer extends ServiceEndpoint {
  /** `status` by its name in the proto. Rejects where no answer came. */
  sendBroadcast(
    envelope: { readonly payload: Buffer; readonly signature: Buffer },
    timeoutMs: number,
  ): Promise<{ readonly status: string; readonly info?: string }>;
}

export interface SdkChannel {
  newDiscoveryService(name: string): DiscoveryService;
  newEndorsement(chaincode: string): Endorsement;
  newCommit(chaincode: string): Commit;
  getEndorser(name: string): Endorser | undefined;
  getCommitters(): Committer[];
}

/** What is built, signed outside, and sent. */
export interface Signable {
  sign(signature: Buffer): void;
}

export interface DiscoveryService extends Signable {
  /** Gives the bytes to sign. */
  build(context: IdentityContext, request: { config: boolean; interest: readonly { name: string }[] }): Buffer;
  /** Connects to the peers and orderers it is told of, and adds them to the channel. */
  send(request: { targets: readonly ServiceEndpoint[]; requestTimeout: number; refreshAge: number }): Promise<unknown>;
  /** Asks for endorsements by the plan that was discovered. */
  newHandler(): DiscoveryHandler;
}

export interface DiscoveryHandler {
  readonly type: string;
}

export interface Endorsement extends Signable {
  build(context: IdentityContext, request: { fcn: string; args: readonly string[] }): Buffer;
  send(
    request: { requestTimeout: number } & ({ targets: readonly Endorser[] } | { handler: DiscoveryHandler }),
  ): Promise<EndorsementAnswers>;
  getTransactionId(): string;
}

export interface EndorsementAnswers {
  readonly responses: readonly ProposalResponse[];
  readonly errors: readonly EndorsementError[];
}

export interface ProposalResponse {
  /** The peer's name: its address, where it was discovered. */
  readonly peer: string;
  readonly response: { readonly status: number; readonly message: string; readonly payload: Uint8Array };
  readonly payload: Uint8Array;
}

export interface EndorsementError extends Error {
  readonly peer?: string;
  /** gRPC status code. */
  readonly code?: number;
  readonly details?: string;
  /** What the peers answered, where together that makes no endorsement. */
  readonly endorsements?: readonly (ProposalResponse | EndorsementError)[];
}

export interface Commit extends Signable {
  build(context: IdentityContext, request: { endorsement: Endorsement }): Buffer;
  getSignedEnvelope(): { readonly payload: Uint8Array; readonly signature: Uint8Array };
}

/** The package, and how the SDK's complaints reach the node's log. Optional in client/package.json. */
const PACKAGE = "fabric-common";

/** @throws NodeError CONFIGURATION where the optional package is not installed */
export function loadSdk(warn: (message: string) => void): Sdk {
  // The SDK takes its logger from this global while it loads, and would otherwise write to standard output.
  const complain = (...words: unknown[]) => warn(format(...words));
  Object.assign(globalThis, { hfc: { logger: { debug: ignore, info: ignore, warn: complain, error: complain } } });
  try {
    return createRequire(import.meta.url)(PACKAGE);
  } catch (cause) {
    throw new NodeError(
      "CONFIGURATION",
      `the connector "fabric-network" needs the optional package ${PACKAGE}, which cannot be loaded; ` +
        'install with "npm ci --include=optional --ignore-scripts", or choose the connector "gateway".',
      { cause },
    );
  }
}

const ignore = (): undefined => undefined;
