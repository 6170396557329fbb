/** How the node's own key signs, and what can be wrong with a key. */

export type { KeyErrorCode } from "./key-error.js";
export { signWith } from "./signing.js";
