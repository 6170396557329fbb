import { apply } from "../administration/apply.js";
import { describeStep, planFor } from "../administration/plan.js";
import { observe } from "../administration/state.js";
import type { CommandGroup } from "./program.js";

/** `plan`: what `apply` would do. */
export const planCommand: CommandGroup = (program, surroundings) => {
  program
    .command("plan")
    .description("show what would change, and change nothing")
    .action(async () => {
      const { out, language, json, withNetwork } = surroundings();
      const plan = await withNetwork(async (network) => planFor(network.topology, await observe(network)));
      const steps = plan.steps.map((step) => ({ kind: step.kind, by: step.by, what: describeStep(step)[language] }));
      if (json) {
        out.write(`${JSON.stringify({ steps, obstacles: plan.obstacles }, null, 2)}\n`);
        return;
      }
      const nothing = {
        zh: "网络已与拓扑一致,无需变更。",
        en: "The network is as its topology says; there is nothing to do.",
      };
      if (steps.length + plan.obstacles.length === 0) out.write(`${nothing[language]}\n`);
      for (const { by, what } of steps) out.write(`- ${by}: ${what}\n`);
      for (const { reason } of plan.obstacles) out.write(`! ${reason}\n`);
    });
};

/** `apply`: does it. */
export const applyCommand: CommandGroup = (program, surroundings) => {
  program
    .command("apply")
    .description(
      "bring the network to what its topology says, as far as the keys here allow; can be interrupted and run again",
    )
    .action(async () => {
      const { out, language, json, withNetwork } = surroundings();
      const say = (text: string) => {
        if (!json) out.write(`${text}\n`);
      };
      const { done, waiting, obstacles } = await withNetwork((network) =>
        apply(network, {
          begins: () => undefined,
          done: (step, place) => say(`✓ ${describeStep(step)[language]}${place ? ` (block ${place.block})` : ""}`),
          waits: (step, hint) => say(`… ${describeStep(step)[language]}: ${hint}`),
        }),
      );
      for (const { reason } of obstacles) say(`! ${reason}`);
      const sum = {
        zh: `完成 ${done} 步,等待 ${waiting} 步。`,
        en: `${done} steps done, ${waiting} waiting.`,
      };
      out.write(json ? `${JSON.stringify({ done, waiting, obstacles }, null, 2)}\n` : `${sum[language]}\n`);
    });
};
