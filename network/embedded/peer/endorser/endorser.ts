import { toHex } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Identity, MspManager } from "@wanlian/protocol/identities/identity.js";
import { ChaincodeEvent } from "@wanlian/protocol/messages/chaincode.js";
import {
  ChaincodeAction,
  type ChaincodeInterest,
  ProposalResponse,
  ProposalResponsePayload,
  type Response,
  type SignedProposal,
} from "@wanlian/protocol/messages/proposal.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import { type AccessControl, signedDataOf } from "../access.js";
import type { Channels, PeerChannel } from "../channels.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import { inContext, PeerError } from "../errors.js";
import { collectionCheck } from "../lifecycle/collection-access.js";
import type { LocalMsp } from "../local-msp.js";
import type { Distributor } from "../private-data/distributor.js";
import { Simulator } from "../simulation/simulator.js";
import type { Executor, Outcome } from "./executor.js";
import { filterExpiry, filterTime } from "./filters.js";
import { keyHistory } from "./history.js";
import { interestOf } from "./interest.js";
import { checkHeaders, type ProposalView, unpackProposal } from "./proposal.js";

/** Chaincode statuses from here on are errors; below, the transaction can be endorsed. */
const ERROR_THRESHOLD = 400;
/** From here on the answer goes out with its payload, but unsigned. */
const ERROR = 500;

/** System chaincodes that read ledgers themselves and so have no transaction of their own. */
const WITHOUT_SIMULATOR: ReadonlySet<string> = new Set(["qscc", "cscc"]);

/** A refusal together with the answer that Fabric's endorser gives beside it; a gateway on this peer tells the two kinds apart. */
export class ProposalRefused extends PeerError {}

/** Simulates proposals and signs what came of it (Fabric's core/endorser/endorser.go). */
export class Endorser {
  readonly #channels: Channels;
  readonly #local: LocalMsp;
  readonly #access: AccessControl;
  readonly #executor: Executor;
  readonly #distributor: Pick<Distributor, "distribute">;
  readonly #signer: SigningIdentity;
  readonly #log: Logger;
  readonly #now: () => Date;

  constructor(parts: {
    channels: Channels;
    local: LocalMsp;
    access: AccessControl;
    executor: Executor;
    distributor: Pick<Distributor, "distribute">;
    signer: SigningIdentity;
    log: Logger;
    now: () => Date;
  }) {
    this.#channels = parts.channels;
    this.#local = parts.local;
    this.#access = parts.access;
    this.#executor = parts.executor;
    this.#distributor = parts.distributor;
    this.#signer = parts.signer;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  /**
   * @throws PeerError before anything is simulated: ACCESS_DENIED by the filters, `ProposalRefused` after them. Whatever goes wrong
   * later is an answer with status 500.
   */
  async processProposal(signed: SignedProposal): Promise<ProposalResponse> {
    const proposal = refusing(() => unpackProposal(signed));
    filterTime(proposal, this.#now());
    const { channelId } = proposal.channelHeader;
    const channel = channelId === "" ? undefined : this.#channels.get(channelId);
    if (channelId !== "" && channel === undefined) return failed(`channel '${channelId}' not found`);
    await this.#admit(proposal, channel);
    try {
      return await this.#endorse(proposal, channel);
    } catch (error) {
      this.#log.warn({ channelId, chaincode: proposal.chaincode, error: messageOf(error) }, "simulation failed");
      return failed(messageOf(error));
    }
  }

  /** Who signed, whether the transaction is new, and whether its creator may propose. */
  async #admit(proposal: ProposalView, channel: PeerChannel | undefined): Promise<void> {
    const { channelId, txId } = proposal.channelHeader;
    const creator = await this.#authenticate(proposal, channel?.ledger.config.msps ?? this.#local);
    filterExpiry(creator, this.#now());
    if (channel === undefined) return;
    if (await channel.ledger.hasTransaction(txId)) {
      throw new ProposalRefused(
        "MALFORMED",
        `duplicate transaction found [${txId}]. Creator [${toHex(proposal.creator)}]`,
      );
    }
    if (this.#executor.isSystem(proposal.chaincode)) return;
    refusing(() => this.#access.checkIdentity("peer/Propose", channelId, creator));
  }

  /** Which check failed is not told, on purpose. */
  async #authenticate(proposal: ProposalView, msps: Pick<MspManager, "deserialize">): Promise<Identity> {
    const { channelId } = proposal.channelHeader;
    const invalid = (reason: string, cause?: unknown): ProposalRefused =>
      new ProposalRefused("ACCESS_DENIED", `error validating proposal: ${reason}`, { cause });
    const denied = `access denied: channel [${channelId}] creator org`;
    try {
      checkHeaders(proposal);
    } catch (error) {
      throw invalid(messageOf(error), error);
    }
    let creator: Identity;
    try {
      creator = msps.deserialize(proposal.creator);
    } catch (error) {
      throw invalid(`${denied} unknown, creator is malformed`, error);
    }
    try {
      creator.validate();
    } catch (error) {
      throw invalid(`${denied} [${creator.mspId}]`, error);
    }
    const { data, signature } = signedDataOf(proposal);
    if (!creator.verifyHere(data, signature)) throw invalid(`${denied} [${creator.mspId}]`);
    return creator;
  }

  async #endorse(proposal: ProposalView, channel: PeerChannel | undefined): Promise<ProposalResponse> {
    const simulator =
      channel === undefined || WITHOUT_SIMULATOR.has(proposal.chaincode)
        ? undefined
        : new Simulator(proposal.channelHeader.txId, channel.ledger.snapshot(), collectionCheck(channel.ledger.config));
    try {
      return await this.#simulate(proposal, channel, simulator);
    } finally {
      await simulator?.release();
    }
  }

  async #simulate(
    proposal: ProposalView,
    channel: PeerChannel | undefined,
    simulator: Simulator | undefined,
  ): Promise<ProposalResponse> {
    const { channelId, txId } = proposal.channelHeader;
    const { chaincode } = proposal;
    const history = channel && keyHistory(channel.ledger);
    const context = { txId, channelId, signedProposal: proposal.signed, proposal, simulator, history };
    const version = await this.#version(chaincode, context);
    let outcome: Outcome;
    try {
      outcome = await this.#executor.execute(chaincode, proposal.input, context);
    } catch (error) {
      throw inContext("error in simulation", error);
    }
    const { response, event } = outcome;
    const results = await this.#results(txId, channel, simulator);
    const action = ChaincodeAction.encode({
      results: results?.publicBytes,
      events: event && ChaincodeEvent.encode(event),
      response,
      chaincodeId: { name: chaincode, version },
    });
    const payload = ProposalResponsePayload.encode({ proposalHash: proposal.hash, extension: action });
    return this.#answer(channelId, response, payload, results?.interest);
  }

  async #version(chaincode: string, context: ProposalContext): Promise<string> {
    try {
      return await this.#executor.version(chaincode, context);
    } catch (error) {
      const advice = `make sure the chaincode ${chaincode} has been successfully defined on channel ${context.channelId} and try again`;
      throw inContext(advice, error);
    }
  }

  /** Keeps private writes for the commit, here and with other members, and closes the transaction's books. */
  async #results(txId: string, channel: PeerChannel | undefined, simulator: Simulator | undefined) {
    if (channel === undefined || simulator === undefined) return undefined;
    const record = await simulator.finish();
    const { publicBytes, privateSet } = record.finish();
    if (privateSet !== undefined) {
      await this.#distribute(channel, txId, privateSet);
      await channel.ledger.transient.put(txId, privateSet);
    }
    const interest = await interestOf(record, simulator, (namespace) => this.#executor.isSystem(namespace));
    return { publicBytes, interest };
  }

  async #distribute(channel: PeerChannel, txId: string, privateSet: TxPvtReadWriteSet): Promise<void> {
    try {
      await this.#distributor.distribute(channel, txId, privateSet);
    } catch (error) {
      throw inContext("error in simulation", error);
    }
  }

  #answer(
    channelId: string,
    response: Response,
    payload: Uint8Array,
    interest: ChaincodeInterest | undefined,
  ): ProposalResponse {
    if (response.status >= ERROR) return ProposalResponse.create({ response, payload, interest });
    if (channelId === "" || response.status >= ERROR_THRESHOLD) return ProposalResponse.create({ response });
    const endorser = this.#signer.creator;
    const signature = this.#signer.sign(Buffer.concat([payload, endorser]));
    return ProposalResponse.create({
      version: 1,
      response,
      payload,
      endorsement: { endorser, signature },
      interest,
    });
  }
}

function failed(message: string): ProposalResponse {
  return ProposalResponse.create({ response: { status: ERROR, message, payload: new Uint8Array(0) } });
}

function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof PeerError) throw new ProposalRefused(error.code, error.message, { cause: error });
    throw error;
  }
}
