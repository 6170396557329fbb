import { setTimeout as delay } from "node:timers/promises";
import { NetworkError } from "@wanlian/network/error.js";
import type { Department } from "@wanlian/network/topology/topology.js";

/** A node that has fallen behind takes in some thousand transactions a second. */
const TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/** Conditions in which a node does not show the ledger as its peer has it. */
const BEHIND = ["CATCHING_UP", "LEDGER_UNREACHABLE"];

/** Waits until the departments' nodes follow the ledger. Throws `TIMEOUT` and names the one that does not. */
export async function awaitNodes(departments: readonly Department[]): Promise<void> {
  await Promise.all(departments.map(awaitNode));
}

async function awaitNode({ mspId, node }: Department): Promise<void> {
  if (!node) return;
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const conditions = await conditionsOf(node.api);
    const behind = conditions.filter((code) => BEHIND.includes(code));
    if (behind.length === 0) return;
    if (Date.now() > deadline)
      throw new NetworkError(
        "TIMEOUT",
        {
          zh: `${mspId} 的部门节点没有跟上账本：${behind.join("、")}。请查看其日志。`,
          en: `The node of ${mspId} does not follow the ledger: ${behind.join(", ")}. Look at its log.`,
        },
        { details: { mspId, conditions: behind } },
      );
    await delay(POLL_MS);
  }
}

async function conditionsOf(api: string): Promise<string[]> {
  const response = await fetch(`http://${api}/api/v1/status`);
  const { conditions } = (await response.json()) as { readonly conditions: readonly { readonly code: string }[] };
  return conditions.map(({ code }) => code);
}
