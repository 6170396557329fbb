import { createHash } from "node:crypto";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { encodeFilingEntry, type RefusedFiling } from "../access/index.js";
import type { Refusal } from "../submission/index.js";
import type { DepartmentExchange } from "./department-exchange.js";

type Recorder = Pick<DepartmentExchange, "log" | "certificates"> & {
  readonly options: Pick<DepartmentExchange["options"], "channel" | "ledger">;
};

/** Puts a refused filing into the department's log: who, what and why. Resolves once it is durable. @throws LogError */
export async function recordRefused({ log, certificates, options }: Recorder, refusal: Refusal): Promise<void> {
  const { channel, ledger } = options;
  const { command, code, reason, transactionId } = refusal;
  const at = refusal.officer.indexOf("/");
  const pem = refusal.certificate;
  const certificate = pem && (await certificates.keep(Certificate.fromPem(pem)));
  const { height, time } = ledger.position();
  await log.append(
    encodeFilingEntry({
      ...{ schema: 1, kind: "filing", channel },
      department: refusal.officer.slice(0, at) as MspId,
      officer: refusal.officer.slice(at + 1) as OfficerNumber,
      ...(certificate === undefined ? {} : { certificate }),
      ...{ noun: command.noun, case: command.case, command: command.type },
      body: createHash("sha256").update(canonicalBytes(command.body)).digest("hex") as Digest,
      code,
      ...(reason === undefined ? {} : { reason }),
      ...(transactionId === undefined ? {} : { transaction: transactionId as TransactionId }),
      ledger: { height, time },
    } satisfies RefusedFiling),
  );
}
