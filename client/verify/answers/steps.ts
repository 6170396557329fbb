import { timeOf } from "@wanlian/model/in-force.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import { cellDigests } from "@wanlian/model/release/row-proof.js";
import { indexedTransactionId } from "@wanlian/protocol/transaction/envelope.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { stateOf, type VerifiedAct, verifiedBlock, verifyAct, versionOf } from "../acts.js";
import { NotShown } from "../not-shown.js";
import { Signatories } from "../records/signatories.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import { assertEnough, readWitness, requiredBy } from "../steps/witnesses.js";
import { membersIn } from "../witness-rule.js";
import { type Witness, WitnessedLedger } from "../witnessed-ledger.js";
import { caseNamed } from "../words.js";
import type { AnswerFile, SaidAct } from "./answer-file.js";
import { brokenAt } from "./whole.js";

/** Acts of the answer that counted, as they stand on the ledger, by transaction. */
export type ProvenActs = ReadonlyMap<string, VerifiedAct>;

const nameOf = ({ noun, case: id, number }: Pick<SaidAct, "noun" | "case" | "number">) => `${noun}/${id}/${number}`;
const namedZh = ({ noun, case: id, number }: Pick<SaidAct, "noun" | "case" | "number">) =>
  `${caseNamed(noun, id).zh} 的第${number}项行为`;

/** The node that answered signed what it says: so it is known whose word the rest is. */
export async function stepWord(
  { said, signature, certificate, channel }: AnswerFile,
  { epochs }: VerifiedConfiguration,
): Promise<Done<undefined>> {
  if (said.channel !== channel) throw refuted("答复属于另一通道", "the answer is of another channel");
  const epoch = epochs.filter(({ configBlock }) => configBlock < BigInt(said.ledger.height)).at(-1);
  if (epoch === undefined) throw refuted("答复所据的账本还没有此通道", "there was no channel at the height answered");
  const signatories = new Signatories(() => epoch.bundle);
  const node = await signatories.check(said.department, certificate, "answer", said, signature);
  if (!node.roles.includes("node"))
    throw refuted(
      `${node.department} 的 ${node.officer} 不是部门节点`,
      `${node.officer} of ${node.department} is not its node`,
    );
  return {
    value: undefined,
    fact: { department: said.department, height: said.ledger.height },
    text: {
      zh: `${said.department} 的节点已对答复签名`,
      en: `the node of ${said.department} signed the answer`,
    },
  };
}

/** As many departments as have to endorse have anchored the ledger since all that the answer speaks of. */
export async function stepVouched(
  file: AnswerFile,
  configuration: VerifiedConfiguration,
  models: ModelVersions,
): Promise<Done<WitnessedLedger>> {
  const newest = configuration.epochs.at(-1) ?? fail();
  const members = membersIn(newest.bundle);
  const witnesses: Witness[] = [];
  for (const place of file.witnesses) {
    const witness = await readWitness(place, file, configuration, models);
    if (!members.includes(witness.department))
      throw refuted(
        `按通道配置，${witness.department} 不是成员`,
        `${witness.department} is no member by the configuration`,
      );
    if (witnesses.some(({ department }) => department === witness.department))
      throw refuted(`${witness.department} 被列了两次`, `${witness.department} is named twice`);
    witnesses.push(witness);
  }
  assertEnough(witnesses.length, requiredBy(newest.bundle), members.length);
  const departments = witnesses.map(({ department }) => department).sort();
  return {
    value: new WitnessedLedger({ ...file, cases: [] }, configuration, witnesses, models),
    fact: { departments },
    text: {
      zh: `此后${departments.length}个部门锚定了账本：${departments.join("、")}`,
      en: `${departments.length} departments have anchored the ledger since: ${departments.join(", ")}`,
    },
  };
}

/** Each act is on the ledger as the answer has it, and counted, or was found void. */
export async function stepActs(
  file: AnswerFile,
  configuration: VerifiedConfiguration,
  ledger: WitnessedLedger,
): Promise<Done<ProvenActs>> {
  const proven = new Map<string, VerifiedAct>();
  const names: string[] = [];
  for (const said of file.said.acts) {
    const { noun, case: id, number, type, department, officer, counted, at } = said;
    names.push(`${nameOf(said)} ${type} ${department}/${officer} ${at.transaction}${counted ? "" : " void"}`);
    if (counted) {
      const found = await ledger.act(at);
      const { act } = found;
      const same =
        nameOf(act) === nameOf(said) &&
        act.type === type &&
        act.author.department === department &&
        act.author.officer === officer;
      if (!same)
        throw refuted(
          `账本上此行为是${caseNamed(act.noun, act.case).zh} 的第${act.number}项，与答复所述不符`,
          `on the ledger it is act ${act.number} of ${caseNamed(act.noun, act.case).en}, not what the answer says`,
        );
      proven.set(at.transaction, found);
      continue;
    }
    const block = await verifiedBlock(at.block, file, configuration);
    const places = block.block.data.data.flatMap((bytes, index) =>
      indexedTransactionId(bytes) === at.transaction ? [index] : [],
    );
    ledger.isVoid({ noun, case: id, number }, block, places);
  }
  return {
    value: proven,
    fact: { acts: names },
    text: {
      zh: `${names.length}项行为都在账本上，与答复所述一致`,
      en: `${names.length} acts are on the ledger, as the answer has them`,
    },
  };
}

/** The ledger's time of each: that of the tick on which it rests. */
export async function stepTimes(
  file: AnswerFile,
  acts: ProvenActs,
  configuration: VerifiedConfiguration,
  models: ModelVersions,
): Promise<Done<undefined>> {
  const times: string[] = [];
  for (const said of file.said.acts) {
    const { counted, at, tick, time } = said;
    if (!counted) continue;
    if (time === "") {
      assertWithoutClock(said, acts.get(at.transaction) ?? fail());
      continue;
    }
    if (tick === undefined)
      throw new NotShown({
        zh: `文件没有${namedZh(said)}所据的时钟`,
        en: `the file lacks the tick of ${nameOf(said)}`,
      });
    const { act } = acts.get(at.transaction) ?? fail();
    const rests = act.basis.some(({ noun, transaction }) => noun === "clock" && transaction === tick.transaction);
    const own = act.noun === "clock" && tick.transaction === at.transaction;
    if (!rests && !own) throw refuted(`${namedZh(said)}不以此时钟为前提`, `${nameOf(said)} does not rest on that tick`);
    const shown = await verifyAct(tick, file, configuration);
    const stated = timeOf(stateOf(shown.act, "clock", models));
    if (stated !== time)
      throw refuted(`${namedZh(said)}的账本时间是 ${stated}`, `the ledger's time of ${nameOf(said)} was ${stated}`);
    times.push(`${nameOf(said)} ${time}`);
  }
  return {
    value: undefined,
    fact: { times },
    text: { zh: `${times.length}项行为的账本时间与时钟一致`, en: `the times of ${times.length} acts are the ledger's` },
  };
}

/** Whoever leaves out the time of an act has to have an act that rests on no clock: the one that opened the channel. */
function assertWithoutClock(said: SaidAct, { act }: VerifiedAct): void {
  if (act.noun === "clock" || act.basis.some(({ noun, transaction }) => noun === "clock" && transaction !== undefined))
    throw refuted(
      `${namedZh(said)}有账本时间，答复没有写出`,
      `${nameOf(said)} has a time of the ledger's; the answer leaves it out`,
    );
}

/** Of some cases every act that counted is shown: each names the one before it, back to the first. */
export async function stepWhole({ said }: AnswerFile, acts: ProvenActs): Promise<Done<undefined>> {
  const names: string[] = [];
  for (const { noun, case: id } of said.whole) {
    const own = [...acts.values()]
      .map(({ act }) => act)
      .filter((act) => act.noun === noun && act.case === id)
      .sort((a, b) => a.number - b.number);
    const broken = brokenAt(own, { noun, case: id });
    if (broken !== undefined)
      throw refuted(
        `${caseNamed(noun, id).zh} 的第${broken}项行为之前缺少行为`,
        `an act before act ${broken} of ${caseNamed(noun, id).en} is left out`,
      );
    const last = own.at(-1);
    if (last === undefined)
      throw refuted(`没有${caseNamed(noun, id).zh} 的行为`, `there is no act of ${caseNamed(noun, id).en}`);
    names.push(`${noun}/${id}/${last.number}`);
  }
  return {
    value: undefined,
    fact: { cases: names },
    text: {
      zh: `${names.length}个事项从第一项行为到所示最后一项，没有遗漏`,
      en: `of ${names.length} cases no act is left out, from the first to the last shown`,
    },
  };
}

/** That a case stood at a height as an act of the answer's left it. */
export async function stepStandings({ said }: AnswerFile, ledger: WitnessedLedger): Promise<Done<undefined>> {
  const names: string[] = [];
  for (const standing of said.standings) {
    const { noun, case: id, number, height, act } = standing;
    const shown = await ledger.act(act);
    if (nameOf(shown.act) !== nameOf(standing))
      throw refuted(
        `这不是${caseNamed(noun, id).zh} 的第${number}项行为`,
        `it is not act ${number} of ${caseNamed(noun, id).en}`,
      );
    if (act.block >= height)
      throw refuted(
        `${caseNamed(noun, id).zh} 的行为晚于所问的时刻`,
        `the act of ${caseNamed(noun, id).en} is later than what was asked`,
      );
    await ledger.assertStood({ evidence: standing, shown }, height);
    names.push(`${noun}/${id}/${number} ${height}`);
  }
  return {
    value: undefined,
    fact: { standings: names },
    text: {
      zh: `${names.length}个事项到所问的时刻没有别的行为`,
      en: `${names.length} cases had no later act by the time asked`,
    },
  };
}

/** A cell of a row that a release registered has the digest. */
export async function stepCell(
  { said }: AnswerFile,
  acts: ProvenActs,
  models: ModelVersions,
): Promise<Done<undefined>> {
  const { cell } = said;
  if (cell === undefined) throw refuted("答复没有单元格", "the answer has no cell");
  const registered = [...acts.values()].find(({ act }) => act.noun === "release" && act.case === cell.release)?.act;
  if (registered === undefined)
    throw new NotShown({ zh: "文件没有该批次的登记", en: "the file lacks the release's registration" });
  const release = versionOf(models, registered.schema).reading.release(stateOf(registered, "release", models));
  const digests = cellDigests(cell.proof, new Map(), release);
  if (cell.proof.salts !== "" || digests[release.fields.indexOf(cell.field)] !== cell.digest)
    throw refuted("该批次登记的各行中没有此单元格", "no row that the release registered has this cell");
  return {
    value: undefined,
    fact: { release: cell.release, field: cell.field, digest: cell.digest },
    text: {
      zh: `摘要是批次 ${cell.release.slice(0, 12)}… 字段 ${cell.field} 的一个单元格；内容未出示，未证明`,
      en: `the digest is that of a cell of ${cell.field} of release ${cell.release.slice(0, 12)}…; not what it holds`,
    },
  };
}

function fail(): never {
  throw new RangeError("a step that holds left out what later steps build on");
}
