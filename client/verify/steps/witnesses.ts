import type { ModelVersions } from "@wanlian/model/models.js";
import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { anchorOf, type VerifiedAct, verifyAct } from "../acts.js";
import type { ActPlace, ChannelFile, EvidenceFile } from "../evidence-file.js";
import { NotShown } from "../not-shown.js";
import type { SignedRecord } from "../records/access-record.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import { endorsersIn, membersIn, witnessesNeeded } from "../witness-rule.js";
import { type Witness, WitnessedLedger } from "../witnessed-ledger.js";
import type { AnchoredLog } from "./log.js";

/** Departments that are no party of the access have anchored the ledger tree, as many as the channel asks for. */
export async function stepWitnesses(
  file: EvidenceFile,
  { record }: SignedRecord,
  configuration: VerifiedConfiguration,
  anchor: AnchoredLog,
  models: ModelVersions,
): Promise<Done<WitnessedLedger>> {
  const { provider, consumer } = record.request;
  const members = membersOf(anchor);
  const witnesses: Witness[] = [];
  for (const place of file.witnesses) {
    const witness = await readWitness(place, file, configuration, models);
    const { department } = witness;
    if (department === provider || department === consumer)
      throw refuted(`${department} 是此次调用的当事部门`, `${department} is a party of the access`);
    if (!members.includes(department))
      throw refuted(`按通道配置，${department} 不是成员`, `${department} is no member by the configuration`);
    if (witnesses.some((other) => other.department === department))
      throw refuted(`${department} 被列了两次`, `${department} is named twice`);
    witnesses.push(witness);
  }
  const impartial = members.filter((member) => member !== provider && member !== consumer);
  assertEnough(witnesses.length, requiredBy(anchor.verified.bundle), impartial.length);
  const departments = witnesses.map(({ department }) => department).sort();
  return {
    value: new WitnessedLedger(file, configuration, witnesses, models),
    fact: { departments },
    text: {
      zh: `此后${departments.length}个非当事部门锚定了账本：${departments.join("、")}`,
      en: `${departments.length} departments that are no party have anchored the ledger since: ${departments.join(", ")}`,
    },
  };
}

/** MSP ids of the channel's members when the log was anchored. */
export function membersOf({ verified }: VerifiedAct): readonly string[] {
  return membersIn(verified.bundle);
}

/** @throws NotShown */
export function assertEnough(found: number, k: number, impartial: number): void {
  const needed = witnessesNeeded(k, impartial);
  if (found >= needed) return;
  throw new NotShown({
    zh: `需要${needed}个非当事部门见证，文件有${found}个`,
    en: `it takes ${needed} departments that are no party, and the file has ${found}`,
  });
}

/** How many departments have to endorse, by the channel's configuration. @throws ProtocolError */
export function requiredBy(bundle: Bundle): number {
  const k = endorsersIn(bundle);
  if (k === undefined)
    throw refuted(
      "背书策略 Records 没有写明须有几个部门背书",
      "the policy Records does not say how many departments have to endorse",
    );
  return k;
}

/** A department's own anchor. @throws NotShown; ProtocolError, LedgerError with what does not hold */
export async function readWitness(
  place: ActPlace,
  file: ChannelFile,
  configuration: VerifiedConfiguration,
  models: ModelVersions,
): Promise<Witness> {
  const found = await verifyAct(place, file, configuration);
  const { act, creator, verified } = found;
  if (act.noun !== "log" || act.type !== "anchor" || act.case !== creator.department) {
    throw refuted("所列见证不是某部门对本部门日志的锚定", "a witness is no anchor of a department's own log");
  }
  if (!creator.roles.includes("node"))
    throw refuted(
      `${creator.department} 的 ${creator.officer} 不是部门节点`,
      `${creator.officer} of ${creator.department} is not its node`,
    );
  const { blocks, root } = anchorOf(act, models).ledger;
  if (blocks > Number(verified.number))
    throw refuted(
      `${creator.department} 的见证涉及其锚定之后的区块`,
      `${creator.department} speaks of blocks after its own anchor`,
    );
  return { ...found, department: creator.department, blocks, root: Buffer.from(root, "hex") };
}

/** That the log's anchor counted. */
export async function stepCounted(anchor: AnchoredLog, ledger: WitnessedLedger): Promise<Done<undefined>> {
  ledger.counted(anchor);
  const { verified, transaction } = anchor;
  return {
    value: undefined,
    fact: { block: Number(verified.number), transaction },
    text: {
      zh: "上述部门的账本都含此区块，并判定该锚定有效",
      en: "the ledgers of those departments hold its block, and find the anchor valid",
    },
  };
}
