import { LedgerError } from "../errors.js";
import type { Actor } from "../kernel/act.js";
import { readOfficer } from "./officer.js";

/** Tags of `msp.SerializedIdentity`: field 1, the MSP id; field 2, the identity's bytes. */
const MSP_ID = 0x0a;
const ID_BYTES = 0x12;

/**
 * The officer behind a transaction's creator, a serialized `msp.SerializedIdentity`. Contracts, folds and every other
 * reader use this one function: they must never differ on who acted. Protobuf has many spellings of a message, and
 * readers of its looser ones disagree; so only the one that an encoder writes is read: each field once, in order, in
 * the fewest bytes, and nothing else. Whether the certificate is genuine is the MSP's question.
 * @throws LedgerError NOT_A_CLIENT, saying what is missing
 */
export function officerBehind(creator: Uint8Array): Actor {
  const mspId = field(creator, 0, MSP_ID);
  const idBytes = field(creator, mspId.end, ID_BYTES);
  if (idBytes.end !== creator.length) throw malformed();
  return readOfficer(Buffer.from(mspId.content).toString("utf8"), idBytes.content);
}

function field(bytes: Uint8Array, at: number, tag: number): { readonly content: Uint8Array; readonly end: number } {
  if (bytes[at] !== tag) throw malformed();
  let length = 0;
  let start = at + 1;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[start];
    if (byte === undefined || shift > 21 || (byte === 0 && shift > 0)) throw malformed();
    length += (byte & 0x7f) << shift;
    start += 1;
    if (byte < 0x80) break;
  }
  if (length === 0 || start + length > bytes.length) throw malformed();
  return { content: bytes.subarray(start, start + length), end: start + length };
}

const malformed = () => new LedgerError("NOT_A_CLIENT", "the creator is no identity in its one form");
