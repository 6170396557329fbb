import { type Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { ChaincodeProposalPayload } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import type { Collected } from "./collection.js";
import type { GatewayProposal } from "./request.js";

/** The transaction, ready for its creator to sign; transient data stays behind (Fabric's internal/pkg/gateway/submit.go). */
export function preparedTransaction({ header, input }: GatewayProposal, collected: Collected): Envelope {
  const action = ChaincodeActionPayload.encode({
    chaincodeProposalPayload: ChaincodeProposalPayload.encode({ input }),
    action: {
      proposalResponsePayload: collected.payload,
      endorsements: unique(collected.endorsements),
    },
  });
  const data = Transaction.encode({ actions: [{ header: header.signatureHeader, payload: action }] });
  return { payload: Payload.encode({ header, data }), signature: new Uint8Array(0) };
}

/** One endorsement an identity. */
function unique(endorsements: Collected["endorsements"]): Collected["endorsements"] {
  const byEndorser = new Map(endorsements.map((one) => [Buffer.from(one.endorser).toString("latin1"), one]));
  return [...byEndorser.values()];
}
