/** How the node's own key signs, and what can be wrong with a key. */

export { signWith } from "./signing.js";
