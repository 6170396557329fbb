import { canonicalJson, parseCanonical } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { AccessRequest, statementBytes, statementPrefix } from "@wanlian/verify";
import type { Holder } from "./proposal.js";
import { SigningRefusal } from "./refusal.js";

/**
 * What a log-in signs: the key's holder makes it whole, from the node's nonce alone, so there is nothing to compare.
 * @param nonce 32 bytes, hex, of the node's own; it is taken once
 */
export function logInStatement(
  { channel, mspId }: Pick<Holder, "channel" | "mspId">,
  officer: string,
  nonce: string,
): Uint8Array {
  return statementBytes("log-in", { schema: 1, channel, department: mspId, officer, nonce });
}

/** The access that the officer was shown. What the node alone knows (ledger height, nonce, digests) is not in it. */
export type WantedAccess = Readonly<Partial<AccessRequest>>;

/**
 * Reads what is to be signed to get data and compares it with what was shown: every member that was shown has to be
 * there as it was, and what was not shown must not be there, but for what the node alone knows.
 * @throws SigningRefusal OTHER_REQUEST, UNREADABLE
 */
export function checkAccessRequest(bytes: Uint8Array, wanted: WantedAccess): AccessRequest {
  const request = read(bytes);
  for (const [member, value] of Object.entries(request)) {
    if (NODES_OWN.has(member)) continue;
    const shown: unknown = Reflect.get(wanted, member);
    if (shown === undefined || canonicalJson(shown) !== canonicalJson(value))
      throw new SigningRefusal("OTHER_REQUEST", `${member} is not what was shown`);
  }
  const missing = Object.keys(wanted).find(
    (member) => !(member in request) && Reflect.get(wanted, member) !== undefined,
  );
  if (missing !== undefined) throw new SigningRefusal("OTHER_REQUEST", `${missing} is missing`);
  return request;
}

/** The digest of what is looked up is made under a key of this access that the node chooses. */
const NODES_OWN: ReadonlySet<string> = new Set(["schema", "ledger", "nonce", "subject"]);

function read(bytes: Uint8Array): AccessRequest {
  const prefix = statementPrefix("access-request");
  if (!equalBytes(bytes.subarray(0, prefix.length), prefix))
    throw new SigningRefusal("UNREADABLE", "it is no request for data");
  const value = parseCanonical(bytes.subarray(prefix.length));
  try {
    checkSchema(AccessRequest, value);
  } catch (error) {
    if (error instanceof LedgerError)
      throw new SigningRefusal("UNREADABLE", "it is no request for data", { cause: error });
    throw error;
  }
  return value as AccessRequest;
}
