import { parseCanonical } from "@wanlian/model/canonical.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { inForceAt } from "@wanlian/model/in-force.js";
import type { Act, CaseState } from "@wanlian/model/kernel/act.js";
import { showsLast } from "@wanlian/model/kernel/heads.js";
import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import { verifyRange } from "@wanlian/model/merkle-range.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { Reading } from "@wanlian/model/reading.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import type { VerifiedBlock } from "@wanlian/protocol/verify/block.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import { stateOf, type VerifiedAct, verifyAct, versionOf } from "./acts.js";
import type { ActPlace, CaseEvidence, CaseKind, ChannelFile, EvidenceFile } from "./evidence-file.js";
import { type LedgerLeaf, ledgerLeaf } from "./ledger-leaf.js";
import { NotShown } from "./not-shown.js";
import { refuted } from "./refuted.js";
import { caseNamed } from "./words.js";

/** A department's anchor of the ledger tree. */
export interface Witness extends VerifiedAct {
  readonly department: string;
  readonly blocks: number;
  readonly root: Uint8Array;
}

/** A case as it stood below a height. */
export interface ShownCase {
  readonly evidence: CaseEvidence;
  readonly shown: VerifiedAct;
  readonly state: CaseState;
}

/** What a file shows of the ledger tree, beside the blocks. */
export type LedgerFile = ChannelFile & Pick<EvidenceFile, "cases" | "between" | "leaves">;

/** Where a case stands, by an act and any later one that rested on it. */
export type Standing = Pick<CaseEvidence, "act" | "since"> & { readonly noun: string; readonly case: string };

/** The ledger, as far as the file shows it, by the trees of the witnesses: what is read here, all of them vouch for. */
export class WitnessedLedger {
  readonly witnesses: readonly Witness[];
  readonly models: ModelVersions;
  readonly #file: LedgerFile;
  readonly #configuration: VerifiedConfiguration;
  readonly #acts = new Map<string, Promise<VerifiedAct>>();
  #row: { readonly start: number; readonly end: number } | undefined;

  constructor(
    file: LedgerFile,
    configuration: VerifiedConfiguration,
    witnesses: readonly Witness[],
    models: ModelVersions,
  ) {
    this.#file = file;
    this.#configuration = configuration;
    this.witnesses = witnesses;
    this.models = models;
  }

  /** A block's leaf. @throws NotShown; ProtocolError where a witness's tree holds another */
  leaf(block: number): LedgerLeaf {
    const found = this.#file.leaves.find(({ leaf }) => leaf.block === block);
    if (found === undefined) throw lacks(`区块${block}在账本树中的位置`, `the leaf of block ${block}`);
    const leaf = leafHash(ledgerLeaf(found.leaf));
    for (const [at, { department, blocks, root }] of this.witnesses.entries()) {
      const proof = (found.inclusions[at] ?? []).map(bytesOf);
      if (!verifyInclusion({ index: block, size: blocks, leaf, proof, root })) {
        throw refuted(
          `${department} 的账本树中，区块${block}与文件所述不符`,
          `the ledger tree of ${department} does not hold block ${block} as stated`,
        );
      }
    }
    return found.leaf;
  }

  /** An act that counted. @throws NotShown; ProtocolError, LedgerError */
  async act(place: ActPlace): Promise<VerifiedAct> {
    const name = `${place.block}/${place.transaction}`;
    const known = this.#acts.get(name);
    if (known !== undefined) return await known;
    const reading = verifyAct(place, this.#file, this.#configuration).then((found) => this.counted(found));
    this.#acts.set(name, reading);
    return await reading;
  }

  /** @throws NotShown; ProtocolError unless the witnesses' trees say that the act counted */
  counted(found: VerifiedAct): VerifiedAct {
    const { act, index, verified } = found;
    const leaf = this.leaf(Number(verified.number));
    if (leaf.hash !== toHex(verified.headerHash))
      throw refuted(`账本中的区块${verified.number}是另一区块`, `the ledger has another block ${verified.number}`);
    if (leaf.codes.slice(2 * index, 2 * index + 2) !== "00")
      throw refuted("该交易被判无效", "its transaction was found invalid");
    const own = verdictsOf(leaf).find(([at]) => at === index);
    const [noun, id, number] = own?.[2][0] ?? [];
    if (own?.[1] !== "counted" || noun !== act.noun || id !== act.case || number !== act.number) {
      throw refuted("各部门未判定该行为有效", "the departments did not find the act valid");
    }
    return found;
  }

  /**
   * That the departments found a transaction to be no act, although Fabric took it: void.
   * @param at where in its block the transaction stands, each time that its id is there
   * @throws NotShown; ProtocolError where they found otherwise
   */
  isVoid(
    { noun, case: id, number }: Pick<Act, "noun" | "case" | "number">,
    block: VerifiedBlock,
    at: readonly number[],
  ): void {
    const leaf = this.leaf(Number(block.number));
    if (leaf.hash !== toHex(block.headerHash))
      throw refuted(`账本中的区块${block.number}是另一区块`, `the ledger has another block ${block.number}`);
    const found = verdictsOf(leaf).some(
      ([index, outcome, acts]) =>
        at.includes(index) &&
        outcome !== "counted" &&
        acts.some(([itsNoun, itsCase, its]) => itsNoun === noun && itsCase === id && its === number),
    );
    if (!found) throw refuted("各部门未判定该行为无效", "the departments did not find the act void");
  }

  /** A case by an act that counted below a height. @throws NotShown; ProtocolError, LedgerError */
  async shown(noun: CaseKind, id: string, height: number): Promise<ShownCase> {
    const evidence = this.#file.cases.find((one) => one.noun === noun && one.case === id);
    if (evidence === undefined) throw lacks(caseNamed(noun, id).zh, `what ${caseNamed(noun, id).en} was`);
    const shown = await this.act(evidence.act);
    if (shown.act.noun !== noun || shown.act.case !== id)
      throw refuted(`这不是${caseNamed(noun, id).zh} 的行为`, `it is no act of ${caseNamed(noun, id).en}`);
    if (evidence.act.block >= height)
      throw refuted(
        `${caseNamed(noun, id).zh} 的行为晚于核对时所据的区块`,
        `the act of ${caseNamed(noun, id).en} is later than the height checked`,
      );
    return { evidence, shown, state: stateOf(shown.act, noun, this.models) };
  }

  /** How the version that was in force below a height reads states. @throws NotShown; ProtocolError, LedgerError */
  async reading(time: Instant, height: number): Promise<Reading> {
    const policy = await this.shown("policy", "policy", height);
    return versionOf(this.models, inForceAt(policy.state, time).version).reading;
  }

  /**
   * That no other act of the case counted up to the height.
   * @throws NotShown; ProtocolError, LedgerError where one did
   */
  async assertStood(
    { evidence, shown: { act } }: { readonly evidence: Standing; readonly shown: Pick<VerifiedAct, "act"> },
    height: number,
  ): Promise<void> {
    const from = evidence.since === undefined ? evidence.act.block : await this.#since(evidence.since, evidence, act);
    for (const leaf of this.#leavesBetween(from, height)) {
      const later = countedActs(leaf).find(
        ([noun, id, number]) => noun === act.noun && id === act.case && number > act.number,
      );
      if (later === undefined) continue;
      throw refuted(
        `核对之前，区块${leaf.block}中的第${later[2]}项行为已变更${caseNamed(act.noun, act.case).zh}`,
        `act ${later[2]} in block ${leaf.block} changed ${caseNamed(act.noun, act.case).en} before it was checked`,
      );
    }
  }

  /** The block of an act that rested on this one: a rule that names the case has read its last act. */
  async #since(place: ActPlace, { noun, case: id }: Standing, { number }: VerifiedAct["act"]): Promise<number> {
    const later = await this.act(place);
    if (!showsLast(later.act.basis, { noun, case: id }, number))
      throw refuted(
        `区块${place.block}中的行为不以${caseNamed(noun, id).zh} 的第${number}项行为为前提`,
        `the act in block ${place.block} does not rest on act ${number} of ${caseNamed(noun, id).en}`,
      );
    return place.block;
  }

  #leavesBetween(from: number, height: number): readonly LedgerLeaf[] {
    const { between } = this.#file;
    const first = between?.leaves[0]?.block;
    if (between === undefined || first === undefined || first > from) {
      throw lacks(`区块${from}至${height - 1}`, `the leaves of blocks ${from} to ${height - 1}`);
    }
    const { start, end } = this.#checkRow();
    if (end < height) throw lacks(`区块${end}至${height - 1}`, `the leaves of blocks ${end} to ${height - 1}`);
    return between.leaves.slice(from - start, height - start);
  }

  /** Makes certain, once, that every witness's tree holds the leaves between, one after another. */
  #checkRow(): { readonly start: number; readonly end: number } {
    if (this.#row !== undefined) return this.#row;
    const { leaves = [], proofs = [] } = this.#file.between ?? {};
    const start = leaves[0]?.block ?? 0;
    const gap = leaves.find(({ block }, at) => block !== start + at);
    if (gap !== undefined)
      throw refuted(
        `其间的区块在区块${gap.block}处不连续`,
        `the leaves between are not one after another at block ${gap.block}`,
      );
    const hashes = leaves.map((leaf) => leafHash(ledgerLeaf(leaf)));
    for (const [at, { department, blocks, root }] of this.witnesses.entries()) {
      const proof = (proofs[at] ?? []).map(bytesOf);
      if (!verifyRange({ start, leaves: hashes, size: blocks, proof, root })) {
        throw refuted(
          `${department} 的账本树中，区块${start}起的各区块与文件所述不符`,
          `the ledger tree of ${department} does not hold the blocks from ${start} as stated`,
        );
      }
    }
    this.#row = { start, end: start + leaves.length };
    return this.#row;
  }
}

const WrittenAct = Type.Tuple([Type.String(), Type.String(), Type.Integer()]);
/** A transaction's index, what the fold found of it, and the acts that it writes. */
const Verdicts = Type.Array(Type.Tuple([Type.Integer(), Type.String(), Type.Array(WrittenAct)]));
type Verdicts = Static<typeof Verdicts>;

const verdictsForm = Compile(Verdicts);

/** The acts that counted in a block, by its leaf. */
function countedActs(leaf: LedgerLeaf): readonly Static<typeof WrittenAct>[] {
  return verdictsOf(leaf).flatMap(([, found, acts]) => (found === "counted" ? acts : []));
}

function verdictsOf({ block, verdicts }: LedgerLeaf): Verdicts {
  const value = parseCanonical(Buffer.from(verdicts, "utf8"));
  if (!verdictsForm.Check(value))
    throw refuted(`区块${block}在账本树中没有判定结果`, `the leaf of block ${block} holds no verdicts`);
  return value as Verdicts;
}

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, "hex");

const lacks = (zh: string, en: string): NotShown => new NotShown({ zh: `文件没有${zh}`, en: `the file lacks ${en}` });
