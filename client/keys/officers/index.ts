/** Officers' sealed keys at the node, and who is logged in. Brings PKCS#12 along, so it is loaded when it is needed. */

export { signerOf } from "./officer-signer.js";
export { type Session, Sessions } from "./sessions.js";
export { OfficerStore } from "./store.js";
