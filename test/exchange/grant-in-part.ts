import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { ExchangeWorld } from "./exchange-world.js";

/** A grant of the provider's that shows data in part. By version 2 of the rules, and of a dataset shared on conditions. */
export async function grantInPart(
  world: ExchangeWorld,
  fields: readonly string[],
  shown: object,
): Promise<TransactionId> {
  const { dataset, purpose, scenario } = world.ask("" as TransactionId);
  const period = { from: "2026-03-02", to: "2026-03-31", frequency: { calls: 1000, per: "day" } };
  const wish = { dataset, kind: "ordinary", fields, purpose, scenario, duty: "duty", ...period };
  const id = await world.act(world.officer, { noun: "application", case: null, type: "apply", body: wish });
  const body = { dataset, fields, ...period, ...shown };
  await world.act(world.steward, { noun: "application", case: id, type: "grant", body });
  return id;
}
