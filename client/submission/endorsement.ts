import { verify } from "node:crypto";
import type { NamespaceWrites } from "@wanlian/model/kernel/judge.js";
import { equalBytes, text } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { isLowS, parseSignature } from "@wanlian/protocol/identities/ecdsa.js";
import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { Envelope, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { ChaincodeProposalPayload, type Endorsement } from "@wanlian/protocol/messages/proposal.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import { NodeError } from "../core/index.js";
import { type EndorsedTransaction, readAction, readHeaders } from "../ledger/index.js";

/** What the officer asked to have endorsed. */
export interface Asked {
  readonly channel: string;
  readonly chaincode: string;
  readonly creator: Uint8Array;
  readonly contractFunction: string;
  readonly args: readonly string[];
}

/**
 * Checks that an endorsed transaction is what was asked for and that its endorsements are signed by the certificates
 * they name. The gateway checks neither (Fabric's internal/pkg/gateway/endorse.go); a peer that lies is found out before
 * anything is sent. Whether the act is right is the model's question (judge).
 * @returns what it writes to the contracts' own keys
 * @throws NodeError ENDORSEMENT_FORGED
 */
export function checkEndorsed(endorsed: EndorsedTransaction, asked: Asked): NamespaceWrites {
  const { envelope } = endorsed;
  const headers = readHeaders(envelope);
  const action = headers === undefined ? undefined : readAction(headers);
  if (headers === undefined || action === undefined) throw forged("the transaction cannot be read");
  if (headers.channel !== asked.channel) throw forged(`it is for the channel "${headers.channel}"`);
  if (headers.id !== endorsed.transactionId || !equalBytes(headers.creator, asked.creator))
    throw forged("it is another's");
  if (transactionIdOf(envelope) !== endorsed.transactionId) throw forged("its id is not that of its nonce and creator");
  if (action.chaincode !== asked.chaincode) throw forged(`it calls "${action.chaincode}"`);
  const call = readCall(action.proposalPayload);
  const expected = [asked.contractFunction, ...asked.args];
  if (call.length !== expected.length || call.some((arg, index) => arg !== expected[index])) {
    throw forged("it calls something else");
  }
  const others = [...action.namespaces].filter(([name, written]) => name !== asked.chaincode && writesAny(written));
  if (others.length > 0) throw forged(`it also writes to "${others.map(([name]) => name).join('", "')}"`);
  const writes = action.namespaces.get(asked.chaincode);
  if (writes === undefined) throw forged("it writes no act");
  if (action.endorsements.length === 0) throw forged("nobody has endorsed it");
  for (const endorsement of action.endorsements) checkSignature(endorsement, action.responsePayload);
  return writes;
}

/** Keys, policies of keys, private collections: each is a write that peers would validate and commit. */
const writesAny = ({ writes, metadataWrites, privateWrites }: NamespaceWrites): boolean =>
  writes.length > 0 || metadataWrites.length > 0 || privateWrites > 0;

function forged(what: string): NodeError {
  return new NodeError("ENDORSEMENT_FORGED", `the endorsed transaction is not what was asked for: ${what}`);
}

function transactionIdOf(envelope: Uint8Array): string {
  const header = Payload.decode(Envelope.decode(envelope).payload).header;
  const { nonce, creator } = SignatureHeader.decode(header?.signatureHeader ?? new Uint8Array());
  return transactionId(nonce, creator);
}

function readCall(proposalPayload: Uint8Array): string[] {
  const { input } = ChaincodeProposalPayload.decode(proposalPayload);
  const { chaincodeSpec } = ChaincodeInvocationSpec.decode(input);
  return chaincodeSpec?.input?.args.map(text) ?? [];
}

function checkSignature({ endorser, signature }: Endorsement, responsePayload: Uint8Array): void {
  const { mspid, idBytes } = SerializedIdentity.decode(endorser);
  if (!isSigned(idBytes, signature, responsePayload, endorser)) {
    throw forged(`the endorsement of ${mspid} is not signed by the certificate that it names`);
  }
}

function isSigned(pem: Uint8Array, signature: Uint8Array, ...signed: Uint8Array[]): boolean {
  try {
    const certificate = Certificate.fromPem(pem);
    const { publicKey, curve } = certificate;
    const data = Buffer.concat(signed);
    if (curve === undefined) return verify(null, data, publicKey, signature);
    return isLowS(parseSignature(signature), curve) && verify("sha256", data, publicKey, signature);
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
