import type { MspId } from "@wanlian/model/identifiers.js";
import type { LogProgress } from "../audit-folder.js";
import type { Finding } from "../finding.js";
import { compareRecord, type Gap } from "./compare-logs.js";
import { idOf, type Mark, Matching } from "./matching.js";

/** A mark with the departments' names. */
export interface NamedMark extends Omit<Mark, "department" | "other"> {
  readonly department: MspId;
  readonly other: MspId;
}

/** A log that was gone through, or as far as it was shown. */
export interface GoneThrough {
  readonly progress: Pick<LogProgress, "state">;
  /** Whether the consumer's node did sign the receipt that is shown with a record. */
  countersigned(position: number): Promise<boolean>;
}

/** What the logs of several departments say of each other's records. */
export class LogComparison {
  readonly #matching: Matching;
  /** Departments by their numbers in the marks, in the order in which the audit met them. */
  readonly #names: MspId[] = [];
  readonly #numbers = new Map<MspId, number>();

  /** @param before of an audit that is resumed: names and lengths as it wrote them down */
  constructor(folder: string, salt: number, before?: { names: readonly MspId[]; marks: readonly number[] }) {
    this.#matching = Matching.open(folder, salt, before?.marks);
    for (const name of before?.names ?? []) this.#numberOf(name);
  }

  /** Everybody who is party to a record that was shown. */
  get involved(): readonly MspId[] {
    return this.#names;
  }

  add(mark: NamedMark): void {
    const { id, position, side, what, countersigned } = mark;
    const [department, other] = [this.#numberOf(mark.department), this.#numberOf(mark.other)];
    this.#matching.add({ id, department, other, position, side, what, countersigned });
  }

  /** @returns what to resume from */
  flush(): readonly number[] {
    return this.#matching.flush();
  }

  /** What only one side has, or has twice, once all logs were gone through. */
  async *findings(logs: ReadonlyMap<MspId, GoneThrough>): AsyncGenerator<Finding> {
    const wasRead = (number: number) => logs.get(this.#names[number] as MspId)?.progress.state === "read";
    for (const marks of this.#matching.records()) {
      for (const gap of compareRecord(marks, wasRead)) yield await this.#findingOf(gap, logs);
    }
  }

  close(): void {
    this.#matching.close();
  }

  async #findingOf(gap: Gap, logs: ReadonlyMap<MspId, GoneThrough>): Promise<Finding> {
    const { mark } = gap;
    const department = this.#names[mark.department] as MspId;
    const other = this.#names[mark.other] as MspId;
    const record = idOf(mark);
    if (mark.what === "call") return oneSided(gap.kind, department, other, mark.position);
    const here = { department, record, position: mark.position };
    switch (gap.kind) {
      case "doubled":
        return { kind: "RECORD_DOUBLED", ...here };
      case "notClosed":
        return { kind: "NOT_CLOSED", ...here };
      case "withheld":
        return { kind: "WITHHELD", entries: 1, department: other, record, position: gap.position };
      case "missing": {
        const there = { department: other, record, position: mark.position };
        if (mark.side === "consumer") return { kind: "RECORD_DROPPED", side: "provider", holder: department, ...there };
        const once = mark.countersigned && (await logs.get(department)?.countersigned(mark.position));
        return once === true
          ? { kind: "RECORD_DROPPED", side: "consumer", holder: department, ...there }
          : { kind: "NOT_COUNTERSIGNED", provider: department, ...there };
      }
    }
  }

  #numberOf(name: MspId): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}

/** Its own entry says which call; what both sides were told has another digest than either entry. */
function oneSided(kind: Gap["kind"], department: MspId, other: MspId, position: number): Finding {
  return kind === "doubled"
    ? { kind: "RECORD_DOUBLED", department, position }
    : { kind: "CALL_ONE_SIDED", department, other, position };
}
