import { readOfficer } from "@wanlian/model/identity/officer.js";
import { isMachine } from "@wanlian/model/roles.js";
import type { AccessRecord } from "@wanlian/verify";
import type { Signer } from "../core/index.js";

/**
 * Who may open what was looked up: the officer who did, and the department's own auditors. Others in the department
 * get evidence without its key; an auditor of another gets what the mandate covers, from the node that is asked.
 */
export function mayOpen({
  mspId,
  certificate,
}: Pick<Signer, "mspId" | "certificate">): (record: AccessRecord) => boolean {
  const { officer, roles } = readOfficer(mspId, certificate);
  const isUser = roles.includes("user") || isMachine(roles);
  return ({ request }) =>
    roles.includes("auditor") || (isUser && request.consumer === mspId && request.officer === officer);
}
