import { createPrivateKey, createPublicKey, type KeyObject, type X509Certificate } from "node:crypto";
import { KeyError } from "../../core/index.js";
import { asOctets, decode, MAX_KEY_FILE_BYTES, members } from "./asn1.js";
import { decrypt, encrypt, encryptedPrivateKeyInfo } from "./pbes2.js";
import { pem } from "./request.js";

/** NIST SP 800-63B asks for eight with a limit on attempts; a stolen file has no such limit. */
export const MIN_PASSPHRASE_CHARACTERS = 12;
/** Long enough for any sentence; bounds what is hashed. */
export const MAX_PASSPHRASE_CHARACTERS = 256;

const LABEL = "ENCRYPTED PRIVATE KEY";

/** PKCS#8, encrypted, as PEM. Throws WEAK_PASSPHRASE. */
export async function sealPrivateKey(key: KeyObject, passphrase: string): Promise<string> {
  checkPassphrase(passphrase);
  const plain = key.export({ type: "pkcs8", format: "der" });
  const der = encryptedPrivateKeyInfo(await encrypt(plain, passphrase, "scrypt"));
  plain.fill(0);
  return pem(LABEL, der);
}

/** Opens what `sealPrivateKey` or `openssl pkcs8 -topk8` wrote. Throws WRONG_PASSPHRASE, DAMAGED_KEY, UNSUPPORTED_KEY. */
export async function openPrivateKey(text: string, passphrase: string): Promise<KeyObject> {
  const [algorithm, ciphertext] = members(decode(derOf(text)), 2);
  if (algorithm === undefined) throw new KeyError("DAMAGED_KEY", "The key file names no algorithm.");
  const plain = await decrypt({ algorithm, ciphertext: asOctets(ciphertext) }, passphrase);
  try {
    return signingKey(plain);
  } finally {
    plain.fill(0);
  }
}

/** Takes as long as `openPrivateKey`, so that the time does not tell that there is no key. */
export async function pretendToOpen(passphrase: string): Promise<void> {
  await encrypt(Buffer.alloc(1), passphrase, "scrypt");
}

/** A P-256 key from PKCS#8 DER. A wrong passphrase can leave valid padding and end here, hence its code. */
export function signingKey(pkcs8: Buffer): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch (cause) {
    throw new KeyError("WRONG_PASSPHRASE", "The passphrase does not open the key.", { cause });
  }
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new KeyError("UNSUPPORTED_KEY", "An officer's key is an elliptic curve key on P-256.");
  }
  return key;
}

/** Throws KEY_MISMATCH unless the certificate was issued for this key. */
export function checkBelongs(key: KeyObject, certificate: X509Certificate): void {
  const own = createPublicKey(key);
  if (!own.equals(certificate.publicKey)) {
    throw new KeyError("KEY_MISMATCH", "The private key is not the one that the certificate was issued for.");
  }
}

export function checkPassphrase(passphrase: string): void {
  const length = [...passphrase].length;
  if (length < MIN_PASSPHRASE_CHARACTERS || length > MAX_PASSPHRASE_CHARACTERS) {
    throw new KeyError(
      "WEAK_PASSPHRASE",
      `A passphrase has ${MIN_PASSPHRASE_CHARACTERS} to ${MAX_PASSPHRASE_CHARACTERS} characters.`,
    );
  }
}

function derOf(text: string): Buffer {
  const begin = `-----BEGIN ${LABEL}-----`;
  const start = text.indexOf(begin);
  const end = text.indexOf(`-----END ${LABEL}-----`);
  if (text.length > 2 * MAX_KEY_FILE_BYTES || start < 0 || end < start) {
    throw new KeyError("DAMAGED_KEY", `The key file is not a PEM of "${LABEL}".`);
  }
  return Buffer.from(text.slice(start + begin.length, end), "base64");
}
