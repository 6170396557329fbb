import type { StandingAlarm } from "../core/index.js";
import type { AwaitedBy } from "./log-witness.js";

/** What each provider says that consumers owe it: by its last word. */
export class OwedReceipts {
  readonly #words = new Map<string, readonly AwaitedBy[]>();

  told(provider: string, awaited: readonly AwaitedBy[]): void {
    this.#words.set(provider, awaited);
  }

  /** One a consumer. */
  alarms(since: string): (StandingAlarm & { readonly kind: "RECEIPTS_MISSING" })[] {
    const byConsumer = new Map<string, (AwaitedBy & { readonly provider: string })[]>();
    for (const [provider, awaited] of this.#words) {
      for (const one of awaited) {
        byConsumer.set(one.consumer, [...(byConsumer.get(one.consumer) ?? []), { provider, ...one }]);
      }
    }
    return [...byConsumer].map(([department, words]) => ({
      kind: "RECEIPTS_MISSING",
      department,
      since,
      providers: words.map(({ provider }) => provider).sort(),
      records: words.reduce((sum, { records }) => sum + records, 0),
      oldest: words.map(({ oldest }) => oldest).sort()[0] ?? since,
    }));
  }
}
