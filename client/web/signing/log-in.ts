import { logInStatement } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { answered, api } from "../session/api.ts";
import { signWith } from "./key.ts";
import { type KeptKey, keepKey } from "./key-store.ts";

/** Logs in by signing the node's nonce: nothing secret leaves the browser. */
export async function logInWithKey(key: KeptKey): Promise<void> {
  const { nonce } = await answered(api.POST("/sessions/nonces"));
  const { ledger } = key;
  if (ledger === undefined) throw new Error("the key is not certified yet");
  const signature = await signWith(key.privateKey, logInStatement(ledger, key.officer, nonce));
  const body = { officer: key.officer, nonce, signature: Buffer.from(signature).toString("base64") };
  await answered(api.POST("/sessions/signed", { body }));
}

/** Puts a certificate to its key, with the ledger that it is for: from then on no node can make it another. */
export async function installCertificate(key: KeptKey, certificate: string): Promise<KeptKey> {
  const { channel, chaincode, department } = await answered(api.POST("/sessions/nonces"));
  const certified = { ...key, certificate, ledger: { channel, chaincode, mspId: department } };
  await keepKey(certified);
  return certified;
}
