import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { openingOf, readRecord, trustFileOf } from "@wanlian/verify";
import type { EvidenceDesk } from "../../api/index.js";
import { Auditor } from "../../audit/index.js";
import type { Signer } from "../../core/index.js";
import {
  type AnswerParts,
  type EvidenceFile,
  type ExportParts,
  evidenceOfOwn,
  exportAnswer,
  exportEvidence,
  mayOpen,
  vouchedHeight,
} from "../../evidence/index.js";
import { localDisk, mostBytesAt } from "../../log/index.js";
import type { Accounting } from "../accounting.js";

/** The officers' way to evidence. @param accounting throws what keeps the exchange from being there */
export function officersEvidence(accounting: () => Accounting): EvidenceDesk {
  return {
    ofOwn: async (signer, record) => await ofOwn(accounting(), signer, record),
    async ofAnswer(signer, answered) {
      const running = accounting();
      const accesses = [];
      for (const record of answered.records) accesses.push(await ofOwn(running, signer, record));
      return await exportAnswer(answered, accesses, answerParts(running));
    },
    vouched: async () => await vouchedHeight(answerParts(accounting())),
    async ofAudited(signer, { mandate, department: asked, record }) {
      const running = accounting();
      const { channel, department, ledger } = running.exchange.options;
      const auditor = new Auditor({ channel, department, ledger, connections: running.exchange.connections });
      const take = (id: Digest) => auditor.record({ signer, mandate, filter: {} }, asked, id);
      const taken = await take(record);
      const signed = readRecord(taken.entry);
      const openingId = signed && openingOf(signed.record);
      const opening = openingId && (await take(openingId));
      const certificates = new Map([...(opening?.certificates ?? []), ...taken.certificates]);
      return await exportEvidence({ ...taken, opening, certificates }, exportParts(running));
    },
    async roots() {
      const { options } = accounting();
      return trustFileOf(await options.fetchBlock(0), options.chaincode);
    },
  };
}

async function ofOwn(running: Accounting, signer: Signer, record: Digest): Promise<EvidenceFile> {
  const { records, index, vault, certificates, options } = running.exchange;
  const own = { department: options.department, records, index, vault, certificates };
  return await evidenceOfOwn(own, record, exportParts(running), mayOpen(signer));
}

function answerParts(running: Accounting): AnswerParts {
  const { tiles: _, ...parts } = exportParts(running);
  const { department, nodeSigner } = running.exchange.options;
  return { ...parts, department, signer: nodeSigner };
}

function exportParts({ options, exchange, tree, ledger }: Accounting): ExportParts {
  const { services, db, chaincode, fetchBlock, dir } = options;
  const own = localDisk(join(dir, "log"));
  return {
    ...{ channel: services.channel, chaincode, tree, fetchBlock, db },
    history: ledger,
    tiles: (department) =>
      department === services.department
        ? (path) => own.read(path)
        : (path) => exchange.connections.get(department, `/log/v1/${path}`, mostBytesAt(path)),
  };
}
