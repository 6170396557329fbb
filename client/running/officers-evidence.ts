import { join } from "node:path";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { EvidenceDesk } from "../api/index.js";
import { Auditor } from "../audit/index.js";
import { type ExportParts, evidenceOfOwn, exportEvidence, trustFileOf } from "../evidence/index.js";
import { localDisk } from "../log/index.js";
import { SqlLedgerHistory } from "../read/index.js";
import type { Accounting } from "./accounting.js";

/** The officers' way to evidence. @param accounting throws what keeps the exchange from being there */
export function officersEvidence(accounting: () => Accounting): EvidenceDesk {
  return {
    async ofOwn(record) {
      const running = accounting();
      const { records, index, vault, certificates, options } = running.exchange;
      const own = { department: options.department, records, index, vault, certificates };
      return await evidenceOfOwn(own, record, exportParts(running));
    },
    async ofAudited(signer, { mandate, department: asked, record }) {
      const running = accounting();
      const { channel, department, book } = running.exchange.options;
      const auditor = new Auditor({ channel, department, book, connections: running.exchange.connections });
      const taken = await auditor.record({ signer, mandate, filter: {} }, asked, record);
      return await exportEvidence(taken, exportParts(running));
    },
    roots() {
      const { configuration, options } = accounting();
      return trustFileOf(configuration.bundle, options.chaincode);
    },
  };
}

function exportParts({ options, exchange, tree }: Accounting): ExportParts {
  const { services, db, chaincode, fetchBlock, dir } = options;
  const own = localDisk(join(dir, "log"));
  return {
    ...{ channel: services.channel, chaincode, tree, fetchBlock, db },
    history: new SqlLedgerHistory(db),
    tiles: (department) =>
      department === services.department
        ? (path) => own.read(path)
        : (path) => exchange.connections.get(department, `/log/v1/${path}`),
    members: async () => {
      const query = db.selectFrom("cases").select("case_id").where("noun", "=", "log");
      return (await query.orderBy("case_id").execute()).map(({ case_id }) => case_id as MspId);
    },
  };
}
