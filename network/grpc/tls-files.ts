import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import { NetworkError } from "../error.js";

/** A server's TLS certificate and key, by their files. @throws NetworkError INVALID_CERTIFICATE, naming the file */
export async function readTlsFiles(files: {
  readonly cert: string;
  readonly key: string;
}): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const cert = await usable(files.cert, (pem) => new X509Certificate(pem));
  const key = await usable(files.key, (pem) => createPrivateKey(pem));
  if (!cert.parsed.checkPrivateKey(key.parsed)) {
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      {
        zh: `密钥 ${files.key} 与证书 ${files.cert} 不是一对。`,
        en: `The key ${files.key} does not belong to the certificate ${files.cert}.`,
      },
      { details: files },
    );
  }
  return { cert: cert.pem, key: key.pem };
}

async function usable<T>(
  file: string,
  parse: (pem: Buffer) => T,
): Promise<{ readonly pem: Buffer; readonly parsed: T }> {
  try {
    const pem = await readFile(file);
    return { pem, parsed: parse(pem) };
  } catch (cause) {
    const reason = messageOf(cause);
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      { zh: `${file} 不能用作 TLS 证书或密钥（${reason}）。`, en: `${file} cannot be used for TLS: ${reason}.` },
      { details: { file }, cause },
    );
  }
}
