import { ProtocolError } from "../errors.js";

/** Node's names of the hash functions that an MSP may name for identifiers (Fabric's bccsp). */
const IDENTIFIER_HASHES: ReadonlyMap<string, string> = new Map([
  ["", "sha256"],
  ["SHA256", "sha256"],
  ["SHA384", "sha384"],
  ["SHA3_256", "sha3-256"],
  ["SHA3_384", "sha3-384"],
]);

/** Node's names of the digests of the hash families that an MSP may name for signatures. */
const SIGNATURE_HASHES: ReadonlyMap<string, string> = new Map([
  ["", "sha256"],
  ["SHA2", "sha256"],
  ["SHA3", "sha3-256"],
]);

/** The hash by which an MSP identifies certificates and chains. */
export const identifierHash = (name = ""): string => known(IDENTIFIER_HASHES, name);

/** The digest that an MSP's members sign. */
export const signatureHash = (family = ""): string => known(SIGNATURE_HASHES, family);

function known(names: ReadonlyMap<string, string>, name: string): string {
  const found = names.get(name);
  if (found === undefined) throw new ProtocolError("INVALID_CONFIGURATION", `unknown hash function ${name}`);
  return found;
}
