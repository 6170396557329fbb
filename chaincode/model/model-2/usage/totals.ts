import type { UsageStatement, UsageTotal } from "../../reading.js";
import { compareTexts, figuresOf, isAlike, type StatedFigure, type StatedUse, servedOf, statedUses } from "./sides.js";

/**
 * 全市用数: what the city's departments state of their use, each use once. Where the two sides differ, or one has not stated it,
 * the greater figure counts and is told apart as not confirmed: nobody's understating makes the city's use less.
 * @param statements acts that counted, each department's in their order
 */
export function usageTotals(statements: readonly UsageStatement[]): UsageTotal[] {
  return statedUses(statements)
    .flatMap((use) => figuresOf(use).map((figure) => totalOf(use, figure)))
    .sort((one, other) => compareTexts(nameOf(one), nameOf(other)));
}

function totalOf(use: StatedUse, figure: StatedFigure): UsageTotal {
  const { month, dataset, provider, consumer, providerStated, consumerStated } = use;
  const [one, other] = [servedOf(figure.provided), servedOf(figure.used)];
  const [served, rows] = [Math.max(one.served, other.served), Math.max(one.rows, other.rows)];
  const { refused = 0 } = figure.provided ?? figure.used ?? {};
  const isConfirmed = providerStated && consumerStated && isAlike(figure);
  return {
    ...{ month, dataset, provider, consumer, ...figure.of },
    ...{ served, refused, rows, unconfirmed: isConfirmed ? 0 : served },
  };
}

const nameOf = ({ month, dataset, consumer, call, purpose, scenario }: UsageTotal): string =>
  JSON.stringify([month, dataset, consumer, call, purpose, scenario]);
