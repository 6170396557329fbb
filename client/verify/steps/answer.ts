import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { versionOf } from "../acts.js";
import { NotShown } from "../not-shown.js";
import type { SignedRecord } from "../records/access-record.js";
import { subjectDigest } from "../records/access-request.js";
import { answers, maskedFields, type ShownAnswer, whyNotThis } from "../records/shown-answer.js";
import { Refuted, refuted } from "../refuted.js";
import type { Done } from "../step.js";
import type { WitnessedLedger } from "../witnessed-ledger.js";

/** What is shown was looked up and came back, and its cells are the release's, by the root over its rows. */
export async function stepAnswer(
  { record }: SignedRecord,
  key: Digest | undefined,
  answer: ShownAnswer,
  height: number,
  ledger: WitnessedLedger,
): Promise<Done<undefined>> {
  const { request } = record;
  if (!answers(record)) throw refuted("此记录没有答复", "there was no answer to this request");
  if (key === undefined) {
    throw new NotShown({ zh: "文件没有此次调用的密钥", en: "the file lacks the access's own key" });
  }
  const subject = answer.subject && subjectDigest(key, answer.subject);
  if (subject !== request.subject)
    throw refuted("所示对象不是请求所查的", "the subject shown is not the one asked for");
  const release = await ledger.shown("release", request.release, height);
  const registered = versionOf(ledger.models, release.shown.act.schema).reading.release(release.state);
  const grant = await ledger.shown("application", request.grant, height);
  const read = versionOf(ledger.models, grant.shown.act.schema).reading.application(grant.state);
  const masked = request.fields.filter((field) => maskedFields(read.grant).has(field));
  const why = whyNotThis(record, key, answer, registered, new Set(masked));
  if (why !== undefined) throw new Refuted(why);
  const rows = answer.proofs.length;
  return {
    value: undefined,
    fact: {
      release: request.release,
      rows,
      answer: toHex(sha256(canonicalBytes({ subject: answer.subject ?? null, payload: answer.payload }))),
    },
    text: {
      zh: `所示对象和答复与记录一致，${rows}行均在该批次登记的各行之中；没有更多行${masked.length === 0 ? "" : `，以及脱敏字段（${masked.join("、")}）的内容`}，只是提供部门的话`,
      en: `subject and answer are the record's, and ${rows} rows are among those that the release registered; that there are no more${masked.length === 0 ? "" : `, and what masked fields (${masked.join(", ")}) show,`} is the provider's word`,
    },
  };
}
