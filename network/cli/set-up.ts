import type { Words } from "@wanlian/protocol/language.js";
import { apply } from "../administration/apply.js";
import { describeStep, planFor, type Step } from "../administration/plan.js";
import { observe } from "../administration/state.js";
import type { CommandGroup } from "./command-group.js";

/** `plan`: what `apply` would do. */
export const planCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("plan")
    .description(t({ zh: "显示将会改变什么，不作任何改变", en: "show what would change, and change nothing" }))
    .action(async () => {
      const { out, json, withNetwork } = surroundings();
      const plan = await withNetwork(async (network) => planFor(network.topology, await observe(network)));
      const steps = plan.steps.map((step) => ({ kind: step.kind, by: step.by, what: describeStep(step) }));
      if (json) {
        out.write(`${JSON.stringify({ steps, obstacles: plan.obstacles }, null, 2)}\n`);
        return;
      }
      const nothing = {
        zh: "网络已与拓扑一致，无需变更。",
        en: "The network is as its topology says; there is nothing to do.",
      };
      if (steps.length + plan.obstacles.length === 0) out.write(`${t(nothing)}\n`);
      for (const { by, what } of steps) out.write(`- ${t({ zh: `${by}：${what.zh}`, en: `${by}: ${what.en}` })}\n`);
      for (const { reason } of plan.obstacles) out.write(`! ${t(reason)}\n`);
    });
};

/** `apply`: does it. */
export const applyCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("apply")
    .description(
      t({
        zh: "按本机所有的密钥，使网络与拓扑一致；可以中断后再运行",
        en: "bring the network to what its topology says, as far as the keys here allow; can be interrupted and run again",
      }),
    )
    .action(async () => {
      const { out, json, withNetwork } = surroundings();
      const say = (text: string) => {
        if (!json) out.write(`${text}\n`);
      };
      const { done, waiting, obstacles } = await withNetwork((network) =>
        apply(network, {
          begins: () => undefined,
          done: (step, place) => say(`✓ ${t(stepDone(step, place))}`),
          waits: (step, hint) => say(`… ${t(stepWaits(step, hint))}`),
        }),
      );
      for (const { reason } of obstacles) say(`! ${t(reason)}`);
      const sum = { zh: `完成 ${done} 步，等待 ${waiting} 步。`, en: `${done} steps done, ${waiting} waiting.` };
      out.write(json ? `${JSON.stringify({ done, waiting, obstacles }, null, 2)}\n` : `${t(sum)}\n`);
    });
};

/** A step that was taken, and the block it stands in where it is a transaction. */
export function stepDone(step: Step, place: { readonly block: bigint } | undefined): Words {
  const { zh, en } = describeStep(step);
  return place ? { zh: `${zh}（区块 ${place.block}）`, en: `${en} (block ${place.block})` } : { zh, en };
}

/** A step that has to wait, and for what. */
export function stepWaits(step: Step, hint: Words): Words {
  const { zh, en } = describeStep(step);
  return { zh: `${zh.replace(/。$/, "")}：${hint.zh}`, en: `${en.replace(/\.$/, "")}: ${hint.en}` };
}
