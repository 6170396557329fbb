import { ensure } from "../../errors.js";
import { type MspId, providerOf } from "../../identifiers.js";
import type { CaseRef } from "../../kernel/act.js";
import { by, commandsOf, defineNoun, NONE } from "../../model-1/table.js";
import { dayOf } from "../../time/instant.js";
import { AmendUsage, type Line, MAX_STATEMENTS, StateUsage, UsageState } from "./usage-schema.js";

const command = commandsOf<UsageState>();

/**
 * 用数统计: what a department gave and got in a month, by dataset and counterpart, in figures (requirements R6). Both sides
 * state it, each from its own log: where they differ, every node shows it.
 */
export const usage = defineNoun<UsageState>({
  name: "usage",
  title: { zh: "月度用数统计", en: "usage statement" },
  identity: "code",
  statuses: ["stated"],
  state: UsageState,
  fixed: ["department", "month", "first"],
  commands: {
    state: command({
      summary:
        "state a month that is over: what was given and got, by dataset and counterpart, and on what of the log it stands",
      body: StateUsage,
      from: [NONE],
      to: ["stated"],
      by: by("self", "steward", "administrator", "node"),
      apply({ body, actor, time }) {
        const { code: month, log, lines } = body;
        const ended = dayOf(time).slice(0, 7) > month;
        ensure(ended, "TOO_EARLY", `${month} is not over yet`);
        checkLines(lines, actor.department);
        checkRange(log);
        return { status: "stated", department: actor.department, month, log, first: time, statements: 1 };
      },
    }),
    amend: command({
      summary:
        "state more of a month, or other figures in place of those for the same dataset and counterpart; what was stated stays",
      body: AmendUsage,
      from: ["stated"],
      to: ["stated"],
      by: by("self", "steward", "administrator", "node"),
      when: ({ current }) =>
        ensure(current.statements < MAX_STATEMENTS, "LIMIT_REACHED", `it was stated in ${MAX_STATEMENTS} acts`),
      apply({ body, current, actor }) {
        checkLines(body.lines, actor.department);
        checkRange(body.log);
        return { ...current, log: body.log, statements: current.statements + 1 };
      },
    }),
  },
  relations: ({ ref, actor }) => (departmentIn(ref) === actor.department ? ["self"] : []),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [{ department: state.department, relation: "self" }],
    deadlines: [],
    references: [],
    searchText: state.month,
  }),
});

const departmentIn = ({ case: id }: CaseRef): MspId => id.slice(0, id.indexOf("/")) as MspId;

/** Who gave what to whom is as the datasets' names have it; each line, and each figure of it, stands once. */
function checkLines(lines: readonly Line[], department: MspId): void {
  const keys = lines.map(({ side, dataset, counterpart }) => `${side} ${dataset} ${counterpart}`);
  ensure(new Set(keys).size === keys.length, "INVALID_INPUT", "a dataset stands twice for one side and counterpart");
  for (const { side, dataset, counterpart, counts } of lines) {
    ensure(counterpart !== department, "INVALID_INPUT", `${dataset}: ${department} is no counterpart of itself`);
    const provider = side === "provided" ? department : counterpart;
    ensure(providerOf(dataset) === provider, "MISMATCH", `${dataset} is not provided by ${provider}`);
    const cells = counts.map(({ call, purpose, scenario }) => `${call} ${purpose} ${scenario}`);
    ensure(new Set(cells).size === cells.length, "INVALID_INPUT", `${dataset}: a figure stands twice`);
  }
}

function checkRange({ from, to }: UsageState["log"]): void {
  ensure(from <= to, "INVALID_INPUT", "the range of the log ends before it begins");
}
