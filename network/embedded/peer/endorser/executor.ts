import { equalBytes, text, utf8 } from "@wanlian/protocol/bytes.js";
import { type ChaincodeEvent, ChaincodeInput, ChaincodeSpec } from "@wanlian/protocol/messages/chaincode.js";
import { Response } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeMessage, ChaincodeMessageType as Type } from "@wanlian/protocol/messages/shim.js";
import type { AccessControl } from "../access.js";
import { signedDataOf } from "../access.js";
import type { Channels } from "../channels.js";
import type { ChaincodeConnections } from "../dialogue/connections.js";
import type { Invocation, ProposalContext } from "../dialogue/invocation.js";
import type { StateRequests } from "../dialogue/state-requests.js";
import type { Completion } from "../dialogue/stream.js";
import { inContext, PeerError } from "../errors.js";
import { collectionCheck } from "../lifecycle/collection-access.js";
import type { EndorsementInfo, EndorsementInfoSource } from "../lifecycle/endorsement-info.js";
import { Simulator } from "../simulation/simulator.js";
import { runSystemChaincode, SYSTEM_VERSION, type SystemChaincode } from "../system/chaincode.js";
import { keyHistory } from "./history.js";

/** Holds the version for which a chaincode that asks for initialization was initialized. No chaincode can write it by chance. */
const INITIALIZED_KEY = "\u0000\u{10ffff}initialized";

/** What an execution gives. */
export interface Outcome {
  readonly response: Response;
  readonly event: ChaincodeEvent | undefined;
}

/** Runs chaincodes: those of the peer itself, those that run as services, and those that they call in turn. */
export class Executor {
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #system: ReadonlyMap<string, SystemChaincode>;
  readonly #lifecycle: EndorsementInfoSource;
  readonly #state: StateRequests;
  readonly #timeoutMs: number;
  readonly #known = new WeakMap<ProposalContext, Map<string, EndorsementInfo>>();
  #connections: ChaincodeConnections | undefined;

  constructor(parts: {
    channels: Channels;
    access: AccessControl;
    system: readonly SystemChaincode[];
    lifecycle: EndorsementInfoSource;
    state: StateRequests;
    timeoutMs: number;
  }) {
    this.#channels = parts.channels;
    this.#access = parts.access;
    this.#system = new Map(parts.system.map((chaincode) => [chaincode.name, chaincode]));
    this.#lifecycle = parts.lifecycle;
    this.#state = parts.state;
    this.#timeoutMs = parts.timeoutMs;
  }

  /** The connections answer through this executor, so they are made after it. */
  connect(connections: ChaincodeConnections): void {
    this.#connections = connections;
  }

  isSystem(name: string): boolean {
    return this.#system.has(name);
  }

  /** The version under which the chaincode endorses. @throws PeerError when this peer cannot run it. */
  async version(name: string, context: ProposalContext): Promise<string> {
    return this.isSystem(name) ? SYSTEM_VERSION : (await this.#info(name, context)).version;
  }

  /** Runs the chaincode that a client called. @throws PeerError when it did not answer. */
  async execute(name: string, input: ChaincodeInput, context: ProposalContext): Promise<Outcome> {
    const { txId } = context;
    const done = await this.#invoke(name, input, context).catch((error: unknown) => {
      throw inContext(`failed to execute transaction ${txId}`, error);
    });
    if (done.type === Type.ERROR) {
      throw new PeerError("SIMULATION", `transaction returned with failure: ${text(done.payload)}`);
    }
    if (done.type !== Type.COMPLETED) {
      throw new PeerError("SIMULATION", `unexpected response type ${done.type} for transaction ${txId}`);
    }
    const event = done.event && { ...done.event, chaincodeId: name, txId };
    return { response: Response.decode(done.payload), event };
  }

  /** Answers what a running chaincode asks. */
  async answer(type: number, payload: Uint8Array, invocation: Invocation): Promise<Uint8Array> {
    if (type === Type.INVOKE_CHAINCODE) return this.#callOn(payload, invocation);
    if (this.#state.handles(type)) return this.#state.answer(type, payload, invocation);
    throw new PeerError("SIMULATION", "no such request");
  }

  async #invoke(name: string, input: ChaincodeInput, context: ProposalContext): Promise<Completion> {
    const system = this.#system.get(name);
    if (system !== undefined) {
      const response = await runSystemChaincode(system, input.args, context);
      return { type: Type.COMPLETED, payload: Response.encode(response), event: undefined };
    }
    const { packageId } = await this.#prepare(name, input, context).catch((error: unknown) => {
      throw inContext("invalid invocation", error);
    });
    const invocation: Invocation = { context, namespace: name, isInit: input.isInit, queries: new Map() };
    if (this.#connections === undefined) throw new PeerError("CHAINCODE_UNAVAILABLE", "the peer is still starting");
    const stream = await this.#connections.stream(packageId);
    const encoded = ChaincodeInput.encode({ args: input.args, isInit: input.isInit });
    return stream.execute(invocation, encoded, context.signedProposal, this.#timeoutMs);
  }

  /**
   * Where the chaincode runs, after checking that it may be run now: initialized first, and once (Fabric's
   * core/chaincode/chaincode_support.go).
   */
  async #prepare(name: string, input: ChaincodeInput, context: ProposalContext): Promise<EndorsementInfo> {
    const info = await this.#info(name, context).catch((error: unknown) => {
      throw inContext(`[channel ${context.channelId}] failed to get chaincode container info for ${name}`, error);
    });
    const { simulator } = context;
    const refuse = (reason: string): PeerError => new PeerError("SIMULATION", `chaincode '${name}' ${reason}`);
    if (!info.initRequired || simulator === undefined) {
      if (input.isInit) throw refuse("does not require initialization but called as init");
      return info;
    }
    const version = utf8(info.version);
    const done = await simulator.get(name, INITIALIZED_KEY);
    const initialized = done !== undefined && equalBytes(done, version);
    if (input.isInit && initialized) throw refuse("is already initialized but called as init");
    if (!input.isInit && !initialized) {
      throw refuse("has not been initialized for this version, must call as init first");
    }
    if (input.isInit) simulator.put(name, INITIALIZED_KEY, version);
    return info;
  }

  /** Looked up once a transaction: what it reads is noted the first time. */
  async #info(name: string, context: ProposalContext): Promise<EndorsementInfo> {
    const { channelId, simulator } = context;
    const known = this.#known.get(context) ?? new Map<string, EndorsementInfo>();
    const found = known.get(name);
    if (found !== undefined) return found;
    if (simulator === undefined) {
      throw new PeerError(
        "SIMULATION",
        `could not get current sequence for chaincode '${name}' on channel '${channelId}'`,
      );
    }
    const info = await this.#lifecycle.find(name, channelId, simulator);
    known.set(name, info);
    this.#known.set(context, known);
    return info;
  }

  /** A chaincode calls another: on the same channel within the same transaction, on another one for its answer alone. */
  async #callOn(payload: Uint8Array, { context }: Invocation): Promise<Uint8Array> {
    const { chaincodeId, input } = ChaincodeSpec.decode(payload);
    const target = parseName(chaincodeId?.name ?? "");
    const channelId = target.channelId || context.channelId;
    if (!this.isSystem(target.name)) {
      await this.#access.check("peer/ChaincodeToChaincode", channelId, signedDataOf(context.proposal));
    }
    const call = input ?? ChaincodeInput.create();
    if (channelId === context.channelId) return this.#encoded(target.name, call, context);
    const other = this.#channels.get(channelId);
    if (other === undefined) {
      throw new PeerError("SIMULATION", `failed to find ledger for channel: ${channelId}`);
    }
    const simulator = new Simulator(context.txId, other.ledger.snapshot(), collectionCheck(other.ledger.config));
    try {
      const history = keyHistory(other.ledger);
      return await this.#encoded(target.name, call, { ...context, channelId, simulator, history });
    } finally {
      await simulator.release();
    }
  }

  async #encoded(name: string, input: ChaincodeInput, context: ProposalContext): Promise<Uint8Array> {
    const done = await this.#invoke(name, input, context).catch((error: unknown) => {
      throw inContext("execute failed", error);
    });
    const { txId, channelId } = context;
    return ChaincodeMessage.encode({
      type: done.type,
      payload: done.payload,
      chaincodeEvent: done.event,
      txid: txId,
      channelId,
    });
  }
}

/** A chaincode's name as chaincodes call each other: `name[:version][/channel]`; the version counts for nothing. */
function parseName(full: string): { name: string; channelId: string } {
  const slash = full.indexOf("/");
  const instance = slash < 0 ? full : full.slice(0, slash);
  const channelId = slash < 0 ? "" : full.slice(slash + 1);
  return { name: instance.split(":", 1)[0] ?? "", channelId };
}
