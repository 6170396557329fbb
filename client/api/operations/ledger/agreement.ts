import type { Instant } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import type { NodeServices } from "../../../core/index.js";
import { ANCHOR_LATE_SECONDS, LedgerTree } from "../../../ledger-tree/index.js";
import { type CaseSummary, everyCase } from "../../../read/index.js";
import { Agreement } from "../../answers/ledger.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";

/** Departments' ledgers compared by what they anchored: whoever shows two chains is found out here. */
export function agreementOperation(): Operation {
  let tree: LedgerTree | undefined;
  return operation({
    id: "showAgreement",
    tag: "node",
    method: "get",
    route: "/agreement",
    summary: {
      zh: "各部门锚定的账本与本节点的账本是否一致，锚定是否迟延",
      en: "Whether the ledgers that departments anchored are this node's, and whether an anchor is late",
    },
    answers: {
      200: listOf(Agreement, "By department"),
    },
    handle: async ({ db, services }) => {
      tree ??= new LedgerTree(db);
      await tree.catchUp();
      const members = await everyCase(db, "member", { status: "active" });
      const logs = await everyCase(db, "log", {});
      const { reading } = services.model();
      const states = new Map(logs.map(({ case: id, state }) => [id, reading.log(state as CaseState)]));
      const items = members.map((member) => compare(member, states.get(member.case), tree, services));
      items.sort((a, b) => (a.department < b.department ? -1 : 1));
      return { status: 200, body: { items } };
    },
  });
}

function compare(
  { case: department }: CaseSummary,
  log: LogRead | undefined,
  tree: LedgerTree | undefined,
  services: NodeServices,
) {
  const { anchored, ledger, size, anchors } = log ?? {};
  const own = ledger === undefined || tree === undefined || ledger.blocks > tree.size ? null : tree.root(ledger.blocks);
  const now = services.now();
  return {
    department,
    records: size ?? 0,
    anchors: anchors ?? 0,
    ...(anchored === undefined ? {} : { anchored }),
    ...(ledger === undefined ? {} : { blocks: ledger.blocks, root: ledger.root }),
    agrees: ledger === undefined ? null : ledger.root === own,
    late:
      anchored === undefined || (now !== undefined && secondsBetween(anchored, now as Instant) > ANCHOR_LATE_SECONDS),
  };
}
