import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { equalBytes, text, utf8 } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Header, HeaderType, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { ChaincodeHeaderExtension, ChaincodeProposalPayload, Proposal } from "@wanlian/protocol/messages/proposal.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import { type ParsedInput, readInput } from "./input.js";
import { SigningRefusal } from "./refusal.js";

/** Whose key it is, and for which ledger. */
export interface Holder {
  readonly channel: string;
  readonly chaincode: string;
  readonly mspId: string;
  /** PEM. */
  readonly certificate: string;
}

/** What the officer decided, as it was shown. */
export interface Decided {
  readonly noun: string;
  readonly type: string;
  /** Null where the case takes the transaction's id. */
  readonly case: string | null;
  /** What stands on the ledger: free text as its digest. */
  readonly body: unknown;
  /** The own case's last act when the officer decided; undefined where the case begins. */
  readonly seen: number | undefined;
}

/** A proposal that says what was decided, and nothing else. */
export interface Approved {
  readonly transactionId: string;
  readonly header: { readonly channelHeader: Uint8Array; readonly signatureHeader: Uint8Array };
  readonly payload: Uint8Array;
  readonly decided: Decided;
  readonly basis: readonly BasisEntry[];
}

/**
 * Reads a proposal (proto protos.Proposal) and compares all that it says with what was decided.
 * @throws SigningRefusal with what differs
 */
export function checkProposal(bytes: Uint8Array, decided: Decided, holder: Holder): Approved {
  try {
    return check(bytes, decided, holder);
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LedgerError)
      throw new SigningRefusal("UNREADABLE", "it is no proposal", { cause: error });
    throw error;
  }
}

function check(bytes: Uint8Array, decided: Decided, holder: Holder): Approved {
  const proposal = exactly(Proposal, bytes);
  const header = exactly(Header, proposal.header);
  const channel = exactly(ChannelHeader, header.channelHeader);
  const { creator, nonce } = exactly(SignatureHeader, header.signatureHeader);
  expect(channel.type === HeaderType.ENDORSER_TRANSACTION, "UNREADABLE", "it is no proposal of a transaction");
  expect(channel.channelId === holder.channel, "OTHER_CHANNEL", `it is for the channel "${channel.channelId}"`);
  const own = SerializedIdentity.encode({ mspid: holder.mspId, idBytes: utf8(holder.certificate) });
  expect(equalBytes(creator, own), "OTHER_CREATOR", "it is in another's name");
  expect(channel.txId === transactionId(nonce, creator), "OTHER_CREATOR", "its id is not that of nonce and creator");
  const { chaincodeId: called } = exactly(ChaincodeHeaderExtension, channel.extension);
  expect(called?.name === holder.chaincode, "OTHER_CONTRACT", `it calls "${called?.name ?? ""}"`);

  const { input, transientMap } = exactly(ChaincodeProposalPayload, proposal.payload);
  expect(transientMap.size === 0, "HIDDEN_CONTENT", "something travels along that stands nowhere");
  const { chaincodeSpec } = exactly(ChaincodeInvocationSpec, input);
  expect(chaincodeSpec?.chaincodeId?.name === holder.chaincode, "OTHER_CONTRACT", "it calls another contract");
  const [contractFunction = "", argument = "", ...more] = chaincodeSpec?.input?.args.map(text) ?? [];
  expect(more.length === 0, "HIDDEN_CONTENT", "it has more arguments than a command has");
  const wanted = `${decided.noun}:${decided.type}`;
  expect(contractFunction === wanted, "OTHER_COMMAND", `it says "${contractFunction}", not "${wanted}"`);
  const basis = checkInput(readInput(argument), decided);
  return {
    transactionId: channel.txId,
    header,
    payload: proposal.payload,
    decided,
    basis,
  };
}

interface Message<T> {
  decode(bytes: Uint8Array): T;
  encode(value: NoInfer<T>): Uint8Array;
}

/** A message in its one encoding: no member twice, none that others read and this does not know. */
function exactly<T>(message: Message<T>, bytes: Uint8Array): T {
  const value = message.decode(bytes);
  expect(equalBytes(message.encode(value), bytes), "HIDDEN_CONTENT", "it is encoded in another way than it says");
  return value;
}

function checkInput(input: ParsedInput, decided: Decided): readonly BasisEntry[] {
  expect(input.case === decided.case, "OTHER_CASE", `it is about ${input.case ?? "a new case"}`);
  expect(canonicalJson(input.body) === canonicalJson(decided.body), "OTHER_CONTENT", "it says something else");
  if (decided.seen !== undefined) {
    const own = input.basis.find((entry) => entry.noun === decided.noun && entry.case === decided.case);
    expect(own?.act === decided.seen, "OTHER_TIME", "the case has moved since the officer decided");
  }
  return input.basis;
}

function expect(holds: boolean, code: ConstructorParameters<typeof SigningRefusal>[0], message: string): asserts holds {
  if (!holds) throw new SigningRefusal(code, message);
}
