/** A request to the channel participation API that is answered with an error. */
export class ParticipationError extends Error {
  override readonly name = "ParticipationError";

  constructor(
    /** The HTTP status of the answer. */
    readonly status: number,
    message: string,
    /** Headers that go with it. */
    readonly headers: Readonly<Record<string, string>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
