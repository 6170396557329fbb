import type { ApiWorld } from "../client/api/world.js";
import { BUREAU, HEALTH } from "../client/api/world.js";
import type { Seeded } from "./seed.js";

/** What is overseen on the seeded ledger. */
export interface Overseen {
  /** An incident about the health commission's use under the civil affairs' grant. */
  readonly incident: string;
  /** An evaluation in which the bureau has falsified a figure. */
  readonly evaluation: string;
  /** The period of it: one day. */
  readonly day: string;
}

const DAY = "2026-09-21";
const digest = (digit: string) => ({ digest: digit.repeat(64) });

/** A grant, an incident under it, and a day that was evaluated: the bureau makes one figure better than it is. */
export async function overseen(world: ApiWorld, { application }: Pick<Seeded, "application">): Promise<Overseen> {
  const steward = await world.logIn("CA-1");
  const granted = {
    ...{ dataset: "CivilMSP/divisions", fields: ["code", "name"] },
    ...{ from: "2026-09-22", to: "2026-10-31", frequency: { calls: 100, per: "day" } },
  };
  const answer = await world.file(steward, `/applications/${application}/grant`, granted);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const { ledger } = world;
  const reported = await ledger.act(HEALTH, ["user"], {
    ...{ noun: "incident", type: "report" },
    body: {
      ...{ kind: "probing", severity: 2, concerned: HEALTH, grant: application, dataset: "CivilMSP/divisions" },
      ...{ noticed: "2026-09-21T00:30:00Z", account: digest("a") },
    },
  });
  await ledger.act(BUREAU, ["node"], {
    ...{ noun: "clock", case: "clock", type: "tick" },
    body: { time: "2026-09-22T01:00:00Z" },
  });
  const { body } = (await world.call("GET", `/indicators?from=${DAY}&to=${DAY}`, { token: steward })).body as {
    readonly body: { readonly figures: readonly { readonly met: number[]; readonly total: number[] }[] };
  };
  const [first, ...others] = body.figures;
  const better = { ...first, met: [1, ...(first?.met.slice(1) ?? [])], total: [1, ...(first?.total.slice(1) ?? [])] };
  const published = await ledger.act(BUREAU, ["steward"], {
    ...{ noun: "evaluation", type: "publish" },
    body: { ...body, figures: [better, ...others] },
  });
  return { incident: reported.case, evaluation: published.case, day: DAY };
}
