import { parseCanonical } from "@wanlian/model/canonical.js";
import { readOfficer } from "@wanlian/model/identity/officer.js";
import type { Act, Actor, CaseState } from "@wanlian/model/kernel/act.js";
import { isActKey } from "@wanlian/model/kernel/key.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { AnchorRead } from "@wanlian/model/reading.js";
import { encodePem } from "@wanlian/protocol/identities/pem.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { type VerifiedBlock, verifyBlock } from "@wanlian/protocol/verify/block.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { verifyTransaction } from "@wanlian/protocol/verify/transaction.js";
import type { ActPlace, CaseKind, ChannelFile } from "./evidence-file.js";
import { NotShown } from "./not-shown.js";
import { refuted } from "./refuted.js";
import { VerifiedBefore } from "./verified-before.js";
import { caseNamed } from "./words.js";

/** The policy by which k departments endorse every act. */
const RECORDS_POLICY = "/Channel/Application/Records";

/** An act whose block the orderers signed and whose transaction k departments endorsed. */
export interface VerifiedAct {
  readonly act: Act;
  readonly transaction: string;
  readonly index: number;
  readonly verified: VerifiedBlock;
  /** The transaction's creator, by the certificate: the act's author. */
  readonly creator: Actor;
  /** MSP ids, each once, sorted. */
  readonly endorsers: readonly string[];
}

const acts = new VerifiedBefore<VerifiedConfiguration, VerifiedAct>();
const blocks = new VerifiedBefore<VerifiedConfiguration, VerifiedBlock>();

/** @throws NotShown; ProtocolError, LedgerError with what does not hold */
export async function verifyAct(
  place: ActPlace,
  file: ChannelFile,
  configuration: VerifiedConfiguration,
): Promise<VerifiedAct> {
  const from = [...bytesOf(place.block, file), place.transaction, file.chaincode];
  return await acts.find(configuration, from, async () => {
    const verified = await verifiedBlock(place.block, file, configuration);
    return await actIn(verified, place.transaction, file.chaincode);
  });
}

/** A block of the file's that the orderers signed, whole. @throws NotShown; ProtocolError with what does not hold */
export async function verifiedBlock(
  number: number,
  file: ChannelFile,
  configuration: VerifiedConfiguration,
): Promise<VerifiedBlock> {
  const block = blockOf(file, number);
  return await blocks.find(configuration, bytesOf(number, file), () => verifyBlock(block, configuration));
}

const bytesOf = (number: number, file: ChannelFile): string[] => [String(number), file.blocks[String(number)] ?? ""];

async function actIn(
  verified: VerifiedBlock,
  transaction: ActPlace["transaction"],
  chaincode: string,
): Promise<VerifiedAct> {
  const found = await verifyTransaction(transaction, verified, RECORDS_POLICY);
  const writes = found.namespaces.find(({ namespace }) => namespace === chaincode)?.kv.writes ?? [];
  const [write, ...more] = writes;
  const act = write === undefined ? undefined : readAct(write.value);
  const named = act !== undefined && isActKey(write?.key ?? "", act, transaction);
  if (act === undefined || more.length > 0 || !named) {
    throw refuted(`交易 ${transaction} 写入的不是一项行为`, `transaction ${transaction} writes no single act`);
  }
  const { mspId, certificate } = found.creator;
  const creator = readOfficer(mspId, Buffer.from(encodePem("CERTIFICATE", certificate.raw)));
  if (act.author.department !== creator.department || act.author.officer !== creator.officer) {
    const author = `${act.author.officer} of ${act.author.department}`;
    throw refuted(
      `行为以 ${author} 的名义写成，交易却由 ${mspId} 的 ${creator.officer} 提交`,
      `the act is in the name of ${author}, its transaction of ${creator.officer} of ${mspId}`,
    );
  }
  const endorsers = [...new Set(found.endorsers.map((endorser) => endorser.mspId))].sort();
  return { act, transaction, index: found.index, verified, creator, endorsers };
}

/** What the verifier itself reads of an act; that the rules gave the rest is for the ledger tree to say. */
function readAct(value: Uint8Array): Act | undefined {
  const read = parseCanonical(value);
  if (typeof read !== "object" || read === null) return undefined;
  const { noun, case: id, number, type, author, basis, state } = read as Partial<Record<keyof Act, unknown>>;
  const named = [noun, id, type].every((one) => typeof one === "string") && Number.isSafeInteger(number);
  const whole = [author, basis, state].every((one) => typeof one === "object" && one !== null) && Array.isArray(basis);
  return named && whole ? (read as Act) : undefined;
}

/** A version of the rules. @throws NotShown where this software lacks it */
export function versionOf(models: ModelVersions, version: number): Model {
  if (models.has(version)) return models.of(version);
  throw new NotShown({
    zh: `须按第${version}版规则判断，本软件没有这一版；请升级后再验证`,
    en: `model ${version} of the rules decides, which this software lacks; verify with a newer one`,
  });
}

/**
 * The state that an act gives its case, of the form that the act's own version says.
 * @throws ProtocolError for another noun; LedgerError for another form; NotShown for a version that is not at hand
 */
export function stateOf(act: Act, noun: CaseKind | "log", models: ModelVersions): CaseState {
  if (act.noun !== noun)
    throw refuted(
      `${caseNamed(act.noun, act.case).zh} 的第${act.number}项行为不是所要的那一类事项的`,
      `act ${act.number} of ${caseNamed(act.noun, act.case).en} is no act of a case of ${noun}`,
    );
  const definition = versionOf(models, act.schema).nouns[noun];
  if (definition === undefined)
    throw refuted(`第${act.schema}版规则没有这类事项`, `model ${act.schema} has no ${noun}`);
  checkSchema(definition.state, act.state);
  return act.state;
}

/** What an act of a log that anchors says. @throws LedgerError for another form; NotShown as `stateOf` */
export function anchorOf(act: Act, models: ModelVersions): AnchorRead {
  const { nouns, reading } = versionOf(models, act.schema);
  const command = nouns[act.noun]?.commands[act.type];
  if (command === undefined)
    throw refuted(`第${act.schema}版规则没有这种行为`, `model ${act.schema} has no act ${act.noun}:${act.type}`);
  checkSchema(command.body, act.body);
  return reading.anchor(act.body);
}

/** @throws NotShown if the file lacks it; ProtocolError if it is another block */
export function blockOf({ blocks }: Pick<ChannelFile, "blocks">, number: number): Block {
  const bytes = blocks[String(number)];
  if (bytes === undefined) throw new NotShown({ zh: `文件没有区块${number}`, en: `the file lacks block ${number}` });
  const block = Block.decode(Buffer.from(bytes, "base64"));
  if (block.header?.number !== BigInt(number))
    throw refuted(`文件中的区块${number}是另一区块`, `the file has another block as block ${number}`);
  return block;
}
