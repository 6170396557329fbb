import { Buffer } from "buffer";

/** What a browser has not, and model and protocol use for hexadecimal, Base64 and comparing bytes. */
export { Buffer };
