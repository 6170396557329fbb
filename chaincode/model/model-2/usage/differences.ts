import type { UsageDifference, UsageStatement } from "../../reading.js";
import { compareTexts, figuresOf, isAlike, servedOf, statedUses } from "./sides.js";

/**
 * Where provider and consumer state different figures of the same use, or one of them states none although the other does.
 * A side that has not stated its month at all is late, which another list says.
 * @param statements acts that counted, each department's in their order
 */
export function usageDifferences(statements: readonly UsageStatement[]): UsageDifference[] {
  return statedUses(statements)
    .flatMap((use) => {
      const { month, dataset, provider, consumer, providerStated, consumerStated } = use;
      if (!providerStated || !consumerStated) return [];
      const differing = figuresOf(use).filter((figure) => !isAlike(figure));
      return differing.map(({ of, provided, used }) => ({
        ...{ month, dataset, provider, consumer, ...of },
        ...{ provided: servedOf(provided), used: servedOf(used) },
      }));
    })
    .sort((one, other) => compareTexts(nameOf(one), nameOf(other)));
}

const nameOf = ({ month, dataset, consumer, call, purpose, scenario }: UsageDifference): string =>
  JSON.stringify([month, dataset, consumer, call, purpose, scenario]);
