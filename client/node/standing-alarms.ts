import type { StandingAlarm } from "../core/index.js";

/** An alarm by what it is about: of a kind and department there is one at a time. */
type Topic = Pick<StandingAlarm, "kind" | "department">;

/** What the node has found out of other departments and that still stands: each with its beginning. */
export class StandingAlarms {
  readonly #standing = new Map<string, StandingAlarm>();
  /** Everything that was raised, for those who follow; of what is raised again and again only the last. */
  readonly #raised: { readonly number: number; readonly alarm: StandingAlarm }[] = [];
  readonly #wake: () => void;
  #number = 0;

  /** @param wake tells those who wait for news */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** Raised once: what stands already is not news. */
  raise(alarm: StandingAlarm): void {
    const topic = topicOf(alarm);
    if (this.#standing.has(topic)) return;
    this.#standing.set(topic, alarm);
    const earlier = this.#raised.findIndex((one) => topicOf(one.alarm) === topic);
    if (earlier >= 0) this.#raised.splice(earlier, 1);
    this.#number += 1;
    this.#raised.push({ number: this.#number, alarm });
    this.#wake();
  }

  clear(topic: Topic): void {
    this.#standing.delete(topicOf(topic));
  }

  list(): StandingAlarm[] {
    return [...this.#standing.values()];
  }

  /** Those that stand and were raised after a number (0: all), with the number to go on from. */
  since(number: number): { readonly alarms: readonly StandingAlarm[]; readonly number: number } {
    const alarms = this.#raised
      .filter((one) => one.number > number && this.#standing.get(topicOf(one.alarm)) === one.alarm)
      .map(({ alarm }) => alarm);
    return { alarms, number: this.#number };
  }
}

const topicOf = ({ kind, department }: Topic): string => `${kind} ${department}`;
