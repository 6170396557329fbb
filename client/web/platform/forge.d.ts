/** Parts of Forge by themselves: each puts what it offers on this one object. */
declare module "node-forge/lib/forge.js" {
  import type * as whole from "node-forge";

  const forge: Pick<typeof whole, "asn1" | "hmac" | "md" | "util"> & {
    readonly pki: Pick<typeof whole.pki, "decryptPrivateKeyInfo">;
    readonly pbe: { readonly generatePkcs12Key: typeof whole.pkcs12.generateKey };
  };
  export default forge;
}

declare module "node-forge/lib/hmac.js";
declare module "node-forge/lib/pbe.js";
declare module "node-forge/lib/sha1.js";
declare module "node-forge/lib/sha256.js";
declare module "node-forge/lib/sha512.js";
