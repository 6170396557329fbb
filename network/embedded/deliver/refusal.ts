import type { Status } from "@wanlian/protocol/messages/common.js";

/** A status by which Fabric's ordering and deliver services say no. */
export type RefusalStatus = Exclude<(typeof Status)[keyof typeof Status], 0 | 200>;

/** A request to broadcast or deliver that is answered with a status other than SUCCESS. The message is for the caller. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: RefusalStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
