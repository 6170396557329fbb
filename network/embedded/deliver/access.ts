import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import { Refusal } from "./refusal.js";
import type { SeekRequest } from "./seek.js";

/**
 * Asks a policy of the channel whether the signer of a request satisfies it. Resolves to when the signer's certificate
 * ends. Throws Refusal (403); the text does not tell which check failed.
 */
export async function checkPolicy(
  bundle: ChannelBundle,
  path: string,
  request: Pick<SeekRequest, "creator" | "payload" | "signature">,
): Promise<Date> {
  const policy = bundle.policies.policy(path);
  const { creator, payload, signature } = request;
  const signed = { identity: creator, data: payload, signature };
  if (policy === undefined || !(await policy.evaluate([signed]))) {
    throw new Refusal(Status.FORBIDDEN, `the signer does not satisfy ${path}`);
  }
  const expiresAt = expiryOf(bundle, creator);
  if (expiresAt === undefined) throw new Refusal(Status.FORBIDDEN, "the signer is not known on this channel");
  return expiresAt;
}

/** When an identity's certificate ends; undefined for one that the channel does not know. */
export function expiryOf(bundle: ChannelBundle, identity: Uint8Array): Date | undefined {
  try {
    return bundle.msps.deserialize(identity).expiresAt;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
