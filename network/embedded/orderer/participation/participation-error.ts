/** A request to the channel participation API that is answered with an error. */
export class ParticipationError extends Error {
  override readonly name = "ParticipationError";
  /** Headers that go with it. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    /** The HTTP status of the answer. */
    readonly status: number,
    message: string,
    { headers = {}, ...options }: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.headers = headers;
  }
}
