import { ProtocolError } from "@wanlian/protocol/errors.js";

/** The code and message with which the protocol's rules refuse an attempt, or "accepted". */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ProtocolError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}
