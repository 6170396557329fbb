/** The command line. */

export { CliError } from "./errors.js";
export { failureText } from "./failure.js";
export { NodeClient } from "./node-client.js";
