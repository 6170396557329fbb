import type { DatasetId, MspId } from "../../identifiers.js";
import { providerOf } from "../../identifiers.js";
import type { UsageDifference, UsageStatement } from "../../reading.js";
import type { Count, Line, StateUsage } from "./usage-schema.js";

/** What one side says of one dataset and two departments in a month; the last word stands. */
interface Said {
  readonly counts: readonly Count[];
}

/**
 * Where provider and consumer state different figures of the same use, or one of them states none although the other does.
 * A side that has not stated its month at all is late, which another list says.
 * @param statements acts that counted, each department's in their order
 */
export function usageDifferences(statements: readonly UsageStatement[]): UsageDifference[] {
  const said = new Map<string, { readonly key: Key; provided?: Said; used?: Said }>();
  const hasStated = new Set<string>();
  for (const { department, month, body } of statements) {
    hasStated.add(`${month} ${department}`);
    for (const line of (body as Pick<StateUsage, "lines">).lines) {
      const key = keyOf(line, department, month);
      const name = JSON.stringify(key);
      const both = said.get(name) ?? { key };
      said.set(name, { ...both, [line.side]: { counts: line.counts } });
    }
  }
  return [...said.values()]
    .flatMap(({ key, provided, used }) => {
      const { month, provider, consumer } = key;
      const both = hasStated.has(`${month} ${provider}`) && hasStated.has(`${month} ${consumer}`);
      return both ? compare(key, provided?.counts ?? [], used?.counts ?? []) : [];
    })
    .sort((one, other) => compareTexts(nameOf(one), nameOf(other)));
}

interface Key {
  readonly month: string;
  readonly dataset: DatasetId;
  readonly provider: MspId;
  readonly consumer: MspId;
}

function keyOf({ side, dataset, counterpart }: Line, department: MspId, month: string): Key {
  return { month, dataset, provider: providerOf(dataset), consumer: side === "used" ? department : counterpart };
}

function compare(key: Key, provided: readonly Count[], used: readonly Count[]): UsageDifference[] {
  const cells = new Map<string, { readonly of: Count; provided?: Count; used?: Count }>();
  for (const count of provided) cells.set(cellOf(count), { of: count, provided: count });
  for (const count of used) cells.set(cellOf(count), { ...(cells.get(cellOf(count)) ?? { of: count }), used: count });
  return [...cells.values()].flatMap(({ of: { call, purpose, scenario }, provided, used }) => {
    const [one, other] = [figuresOf(provided), figuresOf(used)];
    const same = one.served === other.served && one.rows === other.rows;
    return same ? [] : [{ ...key, call, purpose, scenario, provided: one, used: other }];
  });
}

const cellOf = ({ call, purpose, scenario }: Count): string => JSON.stringify([call, purpose, scenario]);

const figuresOf = (count: Count | undefined) => ({ served: count?.served ?? 0, rows: count?.rows ?? 0 });

const nameOf = ({ month, dataset, consumer, call, purpose, scenario }: UsageDifference): string =>
  JSON.stringify([month, dataset, consumer, call, purpose, scenario]);

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
