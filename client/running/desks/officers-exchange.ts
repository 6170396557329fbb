import { join } from "node:path";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Signatories } from "../../access/index.js";
import type { OfficersExchange } from "../../api/index.js";
import { Auditor, audit } from "../../audit/index.js";
import { mayOpen } from "../../evidence/index.js";
import { shownCells } from "../../exchange/index.js";
import { ConfigurationHistory, type LedgerPast } from "../../read/index.js";
import type { DepartmentExchange } from "../department-exchange.js";

/** The officers' side of a node's exchange. @param history the node's own ledger, by which it judges others */
export function officersExchange(exchange: DepartmentExchange, history: LedgerPast): OfficersExchange {
  const { cells, consumer, index, connections, records, vault } = exchange;
  const { department, channel, ledger, db, dir } = exchange.options;
  const parts = {
    auditor: new Auditor({ channel, department, ledger, connections }),
    history,
    signatoriesAt: signatoriesBy(new ConfigurationHistory(channel, db)),
    ledger,
    dir: join(dir, "audits"),
  };
  const catchUp = async () => {
    // The index reads what was published; a record that somebody has just made would be missing for a second.
    await exchange.log.publish();
    await index.catchUp();
  };
  return {
    ...{ consumer, index, cells, catchUp },
    shownCells: async (officer, kept) => {
      await catchUp();
      return await shownCells(kept, { records, index, vault, ledger }, mayOpen(officer));
    },
    audit: (signer, question, resumed) => {
      const officer = Certificate.fromPem(signer.certificate).commonName;
      return audit(parts, signer, { ...question, officer }, resumed);
    },
  };
}

/** One for each configuration: whoever was an officer then may be none any more. */
function signatoriesBy(history: ConfigurationHistory): (height: number) => Promise<Signatories> {
  const made = new WeakMap<ChannelBundle, Signatories>();
  return async (height) => {
    const bundle = await history.bundleAt(height);
    const signatories = made.get(bundle) ?? new Signatories(() => bundle);
    made.set(bundle, signatories);
    return signatories;
  };
}
