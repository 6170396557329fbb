/** The code of the error with which an attempt is refused. */
export async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
    return "nothing was refused";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}
