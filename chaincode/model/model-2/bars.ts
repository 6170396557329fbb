import { ensure } from "../errors.js";
import type { Bounds } from "../kernel/model.js";
import { companyOf } from "./member/people.js";
import type { MemberState } from "./member/people-schema.js";

/**
 * What keeps the ledger and a department's log going: a node's own key ticks the clock and anchors, whoever runs the node.
 * Nobody's decision is in it, and an engagement that names the node's number, or its end, must not make the department mute.
 */
const OF_THE_NODE: ReadonlySet<string> = new Set(["clock", "log"]);

/**
 * 运营企业: whoever belongs to a company acts on the ledger while it is engaged, and in what its engagement names alone.
 * @throws LedgerError NOT_PERMITTED, OUT_OF_SCOPE
 */
export function bars({ ref, state, body, actor, time, heads }: Bounds): void {
  if (actor.roles.includes("node") && OF_THE_NODE.has(ref.noun)) return;
  const member = heads({ noun: "member", case: actor.department }).state as MemberState | undefined;
  const company = member && companyOf(member, actor.officer, time);
  if (company === undefined) return;
  ensure(company.works, "NOT_PERMITTED", `${actor.officer} belongs to a company whose work here has ended`);
  const { name, scope } = company.engaged;
  const touched = [ref.noun === "dataset" ? ref.case : undefined, datasetIn(state), datasetIn(body)];
  const datasets = touched.filter((dataset) => dataset !== undefined);
  ensure(
    datasets.length > 0,
    "NOT_PERMITTED",
    `${actor.officer} works for ${name}: what is of no dataset is not for it`,
  );
  const beyond = datasets.find((dataset) => !scope.some((entrusted) => entrusted === dataset));
  ensure(beyond === undefined, "OUT_OF_SCOPE", `${name} is not engaged for ${beyond}`);
}

function datasetIn(value: unknown): string | undefined {
  const found = typeof value === "object" && value !== null && "dataset" in value ? value.dataset : undefined;
  return typeof found === "string" ? found : undefined;
}
