import { parseLedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import type { ApplicationState } from "@wanlian/model/model-1/application/application-schema.js";
import type { Filed } from "../../host/desk.js";
import { basisOf } from "../basis.js";
import type { NetworkAccess } from "../network-access.js";
import type { Operator } from "../operator.js";
import type { Stage } from "../stage.js";
import { datasetOf } from "./catalogue.js";

/** What the dishonest department would like to be otherwise. */
export interface Temptations {
  /** The application that it was refused. */
  readonly refused: Filed<ApplicationState>;
  /** The objection that another department raised against its data. */
  readonly objection: Filed;
}

const GRANT_PERIOD = { from: "2026-10-13", to: "2026-12-31" } as const;

/** Something illegal: as a call to the honest contract, and as the act that an altered contract writes. */
interface Attempt {
  readonly zh: string;
  readonly en: string;
  readonly noun: "dataset" | "application" | "objection";
  readonly case: string;
  readonly type: string;
  /** A further case that the command depends on. */
  readonly dataset?: string;
  readonly body: unknown;
  readonly state: Readonly<Record<string, unknown>>;
}

/** A department runs altered contract code on its own peer; the honest contracts refuse, and validation refuses. */
export async function actDishonestly(stage: Stage, access: NetworkAccess, temptations: Temptations): Promise<void> {
  const { cast, narrator } = stage;
  const { dishonest } = cast;
  const operator = await access.operator(dishonest.mspId, "steward");
  const attempts = await illegalActs(stage, temptations);
  for (const attempt of attempts) await askHonestContract(stage, access, operator, attempt);

  narrator.step(dishonest.name, {
    zh: "在自己的节点上换上改动过的合约，只由自己的节点背书",
    en: "runs an altered contract beside its own peer, and has it endorse alone",
  });
  await access.withAlteredContracts([dishonest.mspId], async () => {
    const own = access.peer(dishonest.mspId);
    for (const attempt of attempts) {
      const forged = await forgedAct(stage, operator, attempt);
      const fate = await operator.submit(await operator.prepare([own], "record", [forged]), own);
      if (fate.code === "VALID") throw new Error(`${attempt.en} counted with one department's endorsement`);
      narrator.refused(
        dishonest.name,
        { zh: `${attempt.zh}（区块 ${fate.block}）`, en: `${attempt.en} (block ${fate.block})` },
        fate.code,
      );
    }
  });
  await tryToDelete(stage, access, operator);
}

async function illegalActs({ cast }: Stage, { refused, objection }: Temptations): Promise<Attempt[]> {
  const { dishonest, provider } = cast;
  const target = datasetOf(provider);
  const { case: dataset } = await dishonest.user.get<{ case: { state: Record<string, unknown> } }>(
    `datasets/${target}`,
  );
  const asked = refused.state;
  const { from, to } = GRANT_PERIOD;
  return [
    {
      zh: "把民政部门的数据集改为已撤下",
      en: "changes civil affairs' dataset to withdrawn",
      ...{ noun: "dataset", case: target, type: "withdraw", body: {} },
      state: { ...dataset.state, status: "withdrawn" },
    },
    {
      zh: "给自己批准被拒绝的申请",
      en: "grants itself what it was refused",
      ...{ noun: "application", case: refused.case, type: "grant" },
      dataset: asked.dataset,
      body: { dataset: asked.dataset, ...asked.wish, from, to },
      state: { ...refused.state, status: "granted" },
    },
    {
      zh: "自行关闭针对自己数据的异议",
      en: "closes an objection against its own data",
      ...{ noun: "objection", case: objection.case, type: "confirm", body: {} },
      state: { ...objection.state, status: "closed" },
    },
  ];
}

/** Asked as anybody would: the contract beside each other department's peer answers with the rule's code. */
async function askHonestContract(
  stage: Stage,
  access: NetworkAccess,
  operator: Operator,
  attempt: Attempt,
): Promise<void> {
  const { dishonest, bureau } = stage.cast;
  const { noun, case: id, type, body } = attempt;
  const basis = await basisOf(dishonest.steward, [
    { noun, case: id },
    { noun: "member", case: dishonest.mspId },
    ...(attempt.dataset === undefined ? [] : [{ noun: "dataset", case: attempt.dataset }]),
  ]);
  const refusal = await operator.askHonestly(access.peer(bureau.mspId), `${noun}:${type}`, { case: id, body, basis });
  stage.narrator.refused(dishonest.name, attempt, codeIn(refusal));
}

/** The act as the altered contract writes it: complete, well formed, in the other department's name, and illegal. */
async function forgedAct(stage: Stage, operator: Operator, attempt: Attempt): Promise<string> {
  const { noun, case: id, type, body, state } = attempt;
  const { mspId, steward } = stage.cast.dishonest;
  const basis = await basisOf(steward, [{ noun, case: id }]);
  const number = basis[0]?.next ?? 1;
  const author = { department: mspId, officer: operator.officer };
  return JSON.stringify({ schema: 1, noun, case: id, number, type, author, basis, body, state });
}

/** Altered code on every peer, every department's endorsement: the seal still holds. */
async function tryToDelete(stage: Stage, access: NetworkAccess, operator: Operator): Promise<void> {
  const { cast, narrator } = stage;
  const everybody = cast.all.map(({ mspId }) => mspId);
  await access.withAlteredContracts(everybody, async () => {
    const target = { noun: "dataset", case: datasetOf(cast.provider) };
    const [standing] = await basisOf(cast.dishonest.steward, [target]);
    const key = encodeActKey({ ...target, number: standing?.act ?? 0 }, standing?.transaction as TransactionId);
    const held = await operator.prepare(
      everybody.map((mspId) => access.peer(mspId)),
      "delete",
      [key],
    );
    const fate = await operator.submit(held, access.peer(cast.dishonest.mspId));
    if (fate.code === "VALID") throw new Error("an act was deleted");
    narrator.refused(
      { zh: "所有部门一起", en: "all departments together" },
      {
        zh: `换上改动过的合约并全部背书，删除一条行为（区块 ${fate.block}）`,
        en: `with altered contracts and every endorsement, delete an act (block ${fate.block})`,
      },
      fate.code,
    );
  });
}

/** The stable code in a peer's words: `… NOT_PERMITTED: …`. */
function codeIn(message: string): string {
  return parseLedgerError(message)?.code ?? message;
}
