import type { Instant } from "@wanlian/model/identifiers.js";
import { timeOf } from "@wanlian/model/in-force.js";
import { showsLast } from "@wanlian/model/kernel/heads.js";
import { stateOf, versionOf } from "../acts.js";
import type { EvidenceFile } from "../evidence-file.js";
import type { SignedRecord } from "../records/access-record.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import type { WitnessedLedger } from "../witnessed-ledger.js";
import type { AnchoredLog } from "./log.js";
import { assertEnough, membersOf } from "./witnesses.js";

/** Where the provider says that it looked: the ledger's own block, no older than what its log or the request knew. */
export async function stepPosition(
  file: EvidenceFile,
  { record: { checked, request } }: SignedRecord,
  anchor: AnchoredLog,
  ledger: WitnessedLedger,
): Promise<Done<number>> {
  const { height, block } = checked;
  assertBlock(ledger, height, block);
  assertBlock(ledger, request.ledger.height, request.ledger.block);
  if (request.ledger.height > height)
    throw refuted(
      `请求所据的区块${request.ledger.height - 1}晚于核对授权所据的区块${height - 1}`,
      `it was asked at height ${request.ledger.height}, after ${height}`,
    );
  const before = await ledger.act(file.before);
  const rests = showsLast(anchor.act.basis, { noun: "log", case: file.department }, before.act.number);
  if (before.act.case !== file.department || !rests)
    throw refuted("这不是该日志上次的行为", "it is not the act before the log's anchor");
  const { size, ledger: known } = versionOf(ledger.models, before.act.schema).reading.log(
    stateOf(before.act, "log", ledger.models),
  );
  if (size > file.record.position) throw refuted("更早的锚定已含此记录", "an earlier anchor holds the record already");
  if (height < (known?.blocks ?? 0)) {
    throw refuted(
      `核对授权只据前${height}个区块，而日志上次锚定时已有${known?.blocks}个`,
      `checked at height ${height}, though the log's anchor before had ${known?.blocks} blocks`,
    );
  }
  const last = height - 1;
  return {
    value: height,
    fact: { height, block },
    text: {
      zh: `核对授权时所据的区块${last}与账本一致，且不早于日志上次锚定`,
      en: `the grant was checked against block ${last}, which is the ledger's and no older than the log's anchor before`,
    },
  };
}

function assertBlock(ledger: WitnessedLedger, height: number, hash: string): void {
  if (ledger.leaf(height - 1).hash !== hash)
    throw refuted(
      `账本中区块${height - 1}的摘要与所述不符`,
      `block ${height - 1} of the ledger has another hash than stated`,
    );
}

/** The ledger's time when it was checked: that of the last tick then. */
export async function stepTime(
  { record: { checked } }: SignedRecord,
  height: number,
  ledger: WitnessedLedger,
): Promise<Done<Instant>> {
  const clock = await ledger.shown("clock", "clock", height);
  await ledger.assertStood(clock, height);
  const time = timeOf(clock.state);
  if (time !== checked.time)
    throw refuted(
      `当时的账本时间为 ${time}，记录写的是 ${checked.time}`,
      `the ledger's time was ${time}, the record states ${checked.time}`,
    );
  return {
    value: time,
    fact: { height, time },
    text: { zh: `账本时间为 ${time}`, en: `the ledger's time was ${time}` },
  };
}

/** The policy that was in force: it says how many departments have to vouch, and whether the channel is a demonstration. */
export async function stepPolicy(
  { record: { checked, request } }: SignedRecord,
  height: number,
  time: Instant,
  anchor: AnchoredLog,
  ledger: WitnessedLedger,
): Promise<Done<{ readonly demo: boolean }>> {
  const policy = await ledger.shown("policy", "policy", height);
  await ledger.assertStood(policy, height);
  const reading = await ledger.reading(time, height);
  const { demo, act, ...rules } = reading.policy(policy.state, time);
  if (act !== checked.policy)
    throw refuted(
      `当时的现行政策为第${act}项行为，记录写的是第${checked.policy}项`,
      `policy act ${act} was in force, the record states ${checked.policy}`,
    );
  const members = membersOf(anchor);
  const impartial = members.filter((member) => member !== request.provider && member !== request.consumer);
  assertEnough(ledger.witnesses.length, reading.requiredEndorsers(rules, members.length), impartial.length);
  const channel = demo
    ? { zh: "演示通道，账本时间由人拨动", en: "a demonstration, whose clock is moved by hand" }
    : { zh: "正式通道", en: "no demonstration" };
  return {
    value: { demo },
    fact: { height, act, demo },
    text: {
      zh: `所据政策为第${act}项行为；此通道是${channel.zh}`,
      en: `policy act ${act} was in force; the channel is ${channel.en}`,
    },
  };
}
