/** Officers' sealed keys at the node, and who is logged in. Brings PKCS#12 along, so it is loaded when it is needed. */

export { readOfficerCertificate } from "./certificate.js";
export { sessionSigner, signerOf } from "./officer-signer.js";
export { type KeyHolder, type Session, Sessions } from "./sessions.js";
export type { SigningRequest } from "./signing-desk.js";
export { OfficerStore } from "./store.js";
