import { verify } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { readOfficer } from "@wanlian/model/identity/officer.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import { judge } from "@wanlian/model/kernel/judge.js";
import type { Models } from "@wanlian/model/kernel/model.js";
import { equalBytes, utf8 } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { isLowS, parseSignature } from "@wanlian/protocol/identities/ecdsa.js";
import { Payload } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { Transaction } from "@wanlian/protocol/messages/transaction.js";
import type { SignedData } from "@wanlian/protocol/policies/policy.js";
import {
  chaincodeActionOf,
  type EndorserTransaction,
  endorsementSet,
  readEndorserTransaction,
} from "@wanlian/protocol/transaction/endorser-transaction.js";
import { decodeReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import type { Approved, Holder } from "./proposal.js";
import { SigningRefusal } from "./refusal.js";

/**
 * Reads an envelope's payload (proto common.Payload) and checks that it is the transaction of the approved proposal,
 * that it writes the one act which the rules make of the decision, and that the endorsements are signed by the
 * certificates that they name. Whether those are the consortium's, every peer asks before the transaction counts.
 * @param heads where the cases of the proposal's basis stand
 * @throws SigningRefusal with what differs
 */
export function checkTransaction(
  bytes: Uint8Array,
  approved: Approved,
  holder: Holder,
  heads: Heads,
  models: Models,
): void {
  try {
    check(bytes, approved, holder, heads, models);
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LedgerError)
      throw new SigningRefusal("UNREADABLE", "it is no endorsed transaction", { cause: error });
    throw error;
  }
}

function check(bytes: Uint8Array, approved: Approved, holder: Holder, heads: Heads, models: Models): void {
  const { header, data } = Payload.decode(bytes);
  const isSame =
    header !== undefined &&
    equalBytes(header.channelHeader, approved.header.channelHeader) &&
    equalBytes(header.signatureHeader, approved.header.signatureHeader);
  if (!isSame) throw new SigningRefusal("OTHER_PROPOSAL", "it is the transaction of another proposal");
  const [action] = Transaction.decode(data).actions;
  if (action === undefined || !equalBytes(action.header, approved.header.signatureHeader))
    throw new SigningRefusal("OTHER_PROPOSAL", "its action is another's");
  const transaction = readEndorserTransaction(header, data);
  if (!equalBytes(transaction.proposalPayload, approved.payload))
    throw new SigningRefusal("OTHER_PROPOSAL", "it calls something else");
  checkEndorsements(transaction);
  checkAct(transaction, approved, holder, heads, models);
}

function checkAct(
  transaction: EndorserTransaction,
  { transactionId, decided, basis }: Approved,
  { mspId, certificate, chaincode }: Holder,
  heads: Heads,
  models: Models,
): void {
  const { results, chaincodeId } = chaincodeActionOf(transaction);
  if (chaincodeId?.name !== chaincode) throw new SigningRefusal("OTHER_CONTRACT", "another contract endorsed it");
  const namespaces = decodeReadWriteSet(results);
  const writing = namespaces.filter(
    ({ kv, collections }) => kv.writes.length + kv.metadataWrites.length + collections.length > 0,
  );
  const [own, ...more] = writing;
  if (own === undefined || own.namespace !== chaincode || more.length > 0 || own.collections.length > 0)
    throw new SigningRefusal("OTHER_ACT", "it writes elsewhere than an act stands");
  const { writes, metadataWrites } = own.kv;
  const written = {
    id: transactionId as TransactionId,
    creator: readOfficer(mspId, utf8(certificate)),
    writes: { writes, metadataWrites, privateWrites: 0 },
  };
  const verdict = judge(written, heads, models);
  if (!verdict.valid) throw new SigningRefusal("OTHER_ACT", `${verdict.code}: ${verdict.message}`);
  const { act } = verdict;
  const others = act.basis.filter((entry) => basis.every((named) => canonicalJson(named) !== canonicalJson(entry)));
  const isDecided =
    act.noun === decided.noun &&
    act.type === decided.type &&
    (decided.case === null || act.case === decided.case) &&
    canonicalJson(act.body) === canonicalJson(decided.body) &&
    // The case that begins with the act stands in no proposal.
    others.every((entry) => entry.noun === act.noun && entry.case === act.case && entry.act === 0);
  if (!isDecided) throw new SigningRefusal("OTHER_ACT", "what would be written is another act than was decided");
}

function checkEndorsements(transaction: EndorserTransaction): void {
  const endorsements = endorsementSet(transaction);
  if (endorsements.length === 0) throw new SigningRefusal("NOT_ENDORSED", "nobody has endorsed it");
  for (const endorsement of endorsements) {
    if (isSigned(endorsement)) continue;
    const { mspid } = SerializedIdentity.decode(endorsement.identity);
    throw new SigningRefusal("NOT_ENDORSED", `the endorsement of ${mspid} is not signed by the certificate it names`);
  }
}

function isSigned({ identity, data, signature }: SignedData): boolean {
  try {
    const { publicKey, curve } = Certificate.fromPem(SerializedIdentity.decode(identity).idBytes);
    if (curve === undefined) return verify(null, data, publicKey, signature);
    return isLowS(parseSignature(signature), curve) && verify("sha256", data, publicKey, signature);
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
