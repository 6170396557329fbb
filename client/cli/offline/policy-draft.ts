import { type Instant, MSP_ID_PATTERN } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { parseInstant } from "@wanlian/model/time/instant.js";
import { type Command, InvalidArgumentError, Option } from "commander";
import { openingPolicy, stateCouncilYear } from "../../opening/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

interface DraftOptions {
  readonly departments: readonly string[];
  readonly opened?: Instant;
  readonly model: string;
  readonly demo?: true;
}

/** `policy draft` and `policy year`: bodies to begin from, on standard output; nothing is sent. */
export function addPolicyDraft(policy: Command, context: Context): void {
  const t = context.t.bind(context);
  policy
    .command("draft")
    .description(
      t({
        zh: "起草策略 1：各部门一致采用同一文件，合约只背书它，再由数据局据以开通通道",
        en: "draft policy 1: every department takes the same file, its contracts endorse no other, and the bureau opens the channel by it",
      }),
    )
    .requiredOption(
      "--departments <a,b…>",
      t({ zh: "创始部门的 MSP 编号，数据局在先", en: "the founders' MSP ids, the data bureau first" }),
      mspIds,
    )
    .option("--opened <instant>", t({ zh: "开通时刻；默认现在", en: "when it opens; default: now" }), instant)
    .addOption(
      new Option(
        "--model <n>",
        t({ zh: "通道开通时采用的规则版本", en: "the version of the rules that it begins with" }),
      )
        .choices(RELEASED.all.map(({ version }) => String(version)))
        .default(String(RELEASED.latest.version)),
    )
    .option("--demo", t({ zh: "演示通道：时钟由人拨动", en: "a demo channel, whose clock is moved by hand" }))
    .action(({ departments, opened = now(), model, demo }: DraftOptions) => {
      const clock = demo === true ? "demo" : "world";
      const body = openingPolicy({ departments, opened, clock, model: Number(model) });
      context.surroundings.out.write(`${JSON.stringify(body, null, 2)}\n`);
    });
  policy
    .command("year <year>")
    .description(
      t({
        zh: "打印某年的节假日安排，供 policy announce --body 使用",
        en: "print the working days of a year as they were announced, for policy announce --body",
      }),
    )
    .action((year: string) => {
      const announced = stateCouncilYear(Number(year));
      if (announced === undefined)
        throw new CliError("USAGE", {
          zh: `本软件没有 ${year} 年的节假日安排：尚未公布，或软件需要升级。`,
          en: `This software does not have the working days of ${year}: they were not announced yet, or it has to be upgraded.`,
        });
      context.surroundings.out.write(`${JSON.stringify(announced, null, 2)}\n`);
    });
}

function mspIds(text: string): string[] {
  const named = text.split(",").map((name) => name.trim());
  const wrong = named.find((name) => !new RegExp(MSP_ID_PATTERN).test(name));
  if (wrong !== undefined) throw new InvalidArgumentError(wrong);
  if (new Set(named).size < named.length) throw new InvalidArgumentError(text);
  return named;
}

function instant(text: string): Instant {
  try {
    return parseInstant(text);
  } catch {
    throw new InvalidArgumentError("2026-12-01T00:00:00Z");
  }
}

function now(): Instant {
  return parseInstant(`${new Date().toISOString().slice(0, "2026-12-01T00:00:00".length)}Z`);
}
