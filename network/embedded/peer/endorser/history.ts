import { KeyModification } from "@wanlian/protocol/messages/shim.js";
import type { Ledger } from "../../ledger/ledger.js";
import type { KeyHistory } from "../dialogue/invocation.js";

/** A ledger's key histories in the form that chaincodes read. */
export function keyHistory(ledger: Ledger): KeyHistory {
  return {
    async *history(namespace, key) {
      for await (const { txId, value, timestamp, isDelete } of ledger.history(namespace, key)) {
        yield KeyModification.encode({ txId, value, timestamp, isDelete });
      }
    },
  };
}
