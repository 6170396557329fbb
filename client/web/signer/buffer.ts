/** What is written for Node finds its buffers here too. */
export { Buffer } from "buffer";
