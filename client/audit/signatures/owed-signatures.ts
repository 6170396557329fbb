import type { SignatureClaim } from "./signature-task.js";
import type { SignatureThreads } from "./signature-threads.js";

/** Where a record was shown, and whom it is between. */
export interface ShownIn {
  readonly department: string;
  readonly position: number;
  readonly provider: string;
  readonly consumer: string;
}

/** What a record's provider is said to have signed, as long as it was not verified. */
export interface Owed<Shown extends ShownIn> {
  readonly claim: SignatureClaim;
  readonly shown: Shown;
}

interface Waiting<Shown extends ShownIn> {
  /** Undefined once it was verified. */
  owed: Owed<Shown> | undefined;
  readonly shown: ShownIn;
}

/** Records that wait for their other side: both logs are gone through side by side, so it comes within some pages. */
const MOST_WAITING = 8_000;

/**
 * Signatures of providers on their records, each of which is verified unless both parties' logs have its record: the tree
 * of the provider's log, which it signed as a whole, holds it then to every record in it, and that of the consumer's says that
 * it came. What is not met in the other's log in time is verified, whatever the reason.
 */
export class OwedSignatures<Shown extends ShownIn> {
  readonly #signatures: Pick<SignatureThreads, "hold">;
  /** By leaf hash, the oldest first. */
  readonly #waiting = new Map<string, Waiting<Shown>>();

  constructor(signatures: Pick<SignatureThreads, "hold">) {
    this.#signatures = signatures;
  }

  /** A record that is wrong in no other way, as a log shows it. */
  see(key: string, owed: Owed<Shown>): void {
    const { shown } = owed;
    const before = this.#waiting.get(key);
    if (before === undefined) this.#waiting.set(key, { owed: copied(owed), shown });
    else if (isOtherSide(before.shown, shown)) this.#waiting.delete(key);
  }

  /** Verifies the oldest where too many wait. @returns those that do not hold */
  async overflow(): Promise<readonly Shown[]> {
    if (this.#waiting.size <= MOST_WAITING) return [];
    const oldest: Waiting<Shown>[] = [];
    for (const [key, waiting] of this.#waiting) {
      if (oldest.length >= MOST_WAITING / 2) break;
      oldest.push(waiting);
      this.#waiting.delete(key);
    }
    return await this.#verify(oldest);
  }

  /** Verifies whatever waits: there will be no other side, or what waits is not written down. @returns as `overflow` */
  async all(): Promise<readonly Shown[]> {
    return await this.#verify([...this.#waiting.values()]);
  }

  async #verify(waiting: readonly Waiting<Shown>[]): Promise<readonly Shown[]> {
    const owed = waiting.flatMap((one) => one.owed ?? []);
    for (const one of waiting) one.owed = undefined;
    const verdicts = await this.#signatures.hold(owed.map(({ claim }) => claim));
    return owed.filter((_, at) => verdicts[at] !== true).map(({ shown }) => shown);
  }
}

function isOtherSide(before: ShownIn, now: ShownIn): boolean {
  const { provider, consumer } = now;
  const [one, other] = [before.department, now.department];
  return (one === provider && other === consumer) || (one === consumer && other === provider);
}

/** What was signed lies in a page of a megabyte, which is not to be kept for one record. */
function copied<Shown extends ShownIn>({ claim, shown }: Owed<Shown>): Owed<Shown> {
  return { shown, claim: { ...claim, signed: [Buffer.concat(claim.signed)], signature: Buffer.from(claim.signature) } };
}
