import { join } from "node:path";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { encodeEntry } from "../access/access-record.js";
import { localDisk } from "../log/disk.js";
import { SqlLedgerHistory } from "../read/ledger-history.js";
import type { LogView } from "../read/log-view.js";
import type { Accounting } from "../running/accounting.js";
import type { EvidenceBundle } from "./bundle.js";
import { type ExportParts, exportEvidence, type ProvableRecord } from "./export.js";

/** Evidence of a record in the node's own log. @throws LedgerError NOT_FOUND, NOT_YET */
export async function evidenceOfOwn(accounting: Accounting, id: string): Promise<EvidenceBundle> {
  const { records, index, vault, certificates, options } = accounting.exchange;
  await index.catchUp();
  const position = await index.positionOf(id);
  const found = position === undefined ? undefined : await records.find(position);
  if (position === undefined || found === undefined) throw new LedgerError("NOT_FOUND", `the log has no record ${id}`);
  const kept = vault.read(position);
  const { record } = found.signed;
  const ids = [record.certificate, record.request.certificate, ...(kept.receipt ? [kept.receipt.certificate] : [])];
  const pems = await Promise.all(ids.map(async (one) => [one, (await certificates.read(one)) ?? ""] as const));
  const entry = encodeEntry(found.signed);
  const own: ProvableRecord = { department: options.department, position, entry, ...kept, certificates: new Map(pems) };
  return await exportEvidence(own, exportParts(accounting));
}

/** Evidence of a record that an audit brought. @throws LedgerError NOT_FOUND, NOT_YET */
export async function evidenceOfView(accounting: Accounting, view: LogView, id: string): Promise<EvidenceBundle> {
  const found = view.records.find((record) => record.id === id);
  if (found === undefined) throw new LedgerError("NOT_FOUND", `${view.department} shows no record ${id}`);
  const { position, entry, receipt, key } = found;
  const { department, certificates } = view;
  return await exportEvidence({ department, position, entry, receipt, key, certificates }, exportParts(accounting));
}

function exportParts({ options, exchange, tree }: Accounting): ExportParts {
  const { services, chaincode, fetchBlock, dir } = options;
  const own = localDisk(join(dir, "log"));
  return {
    ...{ channel: services.channel, chaincode, tree, fetchBlock },
    db: services.db,
    history: new SqlLedgerHistory(services.db),
    tiles: (department) =>
      department === services.department
        ? (path) => own.read(path)
        : (path) => exchange.connections.get(department, `/log/v1/${path}`),
    members: async () => {
      const query = services.db.selectFrom("cases").select("case_id").where("noun", "=", "log");
      return (await query.orderBy("case_id").execute()).map(({ case_id }) => case_id as MspId);
    },
  };
}
