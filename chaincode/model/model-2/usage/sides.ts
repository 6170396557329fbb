import { type DatasetId, type MspId, providerOf } from "../../identifiers.js";
import type { UsageStatement } from "../../reading.js";
import type { Count, Line, StateUsage } from "./usage-schema.js";

/** One dataset, and the two departments between which it was used in a month. */
export interface Between {
  readonly month: string;
  readonly dataset: DatasetId;
  readonly provider: MspId;
  readonly consumer: MspId;
}

/** What its two sides say of it, each its last word; and whether each has stated the month at all. */
export interface StatedUse extends Between {
  readonly provided: readonly Count[];
  readonly used: readonly Count[];
  readonly providerStated: boolean;
  readonly consumerStated: boolean;
}

/** What is stated of use, each use once. @param statements acts that counted, each department's in their order */
export function statedUses(statements: readonly UsageStatement[]): StatedUse[] {
  const said = new Map<string, { readonly of: Between; readonly provided?: Line; readonly used?: Line }>();
  const hasStated = new Set<string>();
  for (const { department, month, body } of statements) {
    hasStated.add(`${month} ${department}`);
    for (const line of (body as Pick<StateUsage, "lines">).lines) {
      const of = betweenOf(line, department, month);
      const name = JSON.stringify(of);
      said.set(name, { ...(said.get(name) ?? { of }), [line.side]: line });
    }
  }
  return [...said.values()].map(({ of, provided, used }) => ({
    ...of,
    provided: provided?.counts ?? [],
    used: used?.counts ?? [],
    providerStated: hasStated.has(`${of.month} ${of.provider}`),
    consumerStated: hasStated.has(`${of.month} ${of.consumer}`),
  }));
}

function betweenOf({ side, dataset, counterpart }: Line, department: MspId, month: string): Between {
  return { month, dataset, provider: providerOf(dataset), consumer: side === "used" ? department : counterpart };
}

/** A figure that one of the sides states, or both. */
export interface StatedFigure {
  readonly of: Pick<Count, "call" | "purpose" | "scenario">;
  readonly provided?: Count;
  readonly used?: Count;
}

/** The figures of a use, by type, purpose and scenario, each once. */
export function figuresOf({ provided, used }: Pick<StatedUse, "provided" | "used">): StatedFigure[] {
  const figures = new Map<string, StatedFigure>();
  const take = (counts: readonly Count[], side: "provided" | "used") => {
    for (const count of counts) {
      const { call, purpose, scenario } = count;
      const name = JSON.stringify([call, purpose, scenario]);
      figures.set(name, { ...(figures.get(name) ?? { of: { call, purpose, scenario } }), [side]: count });
    }
  };
  take(provided, "provided");
  take(used, "used");
  return [...figures.values()];
}

/** Served accesses and rows; a figure that is not stated is nought. */
export const servedOf = (count: Count | undefined) => ({ served: count?.served ?? 0, rows: count?.rows ?? 0 });

/** Whether both sides state one figure alike. */
export function isAlike({ provided, used }: StatedFigure): boolean {
  const [one, other] = [servedOf(provided), servedOf(used)];
  return one.served === other.served && one.rows === other.rows;
}

export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
