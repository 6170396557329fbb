import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { SignedRecord } from "../records/access-record.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import type { ShownCase, WitnessedLedger } from "../witnessed-ledger.js";
import { REASON_WORDS } from "../words.js";

/** The cases that decide on the access. */
export type Deciding = readonly ShownCase[];

/** The grant, with release, membership and mandate as they stood, covers what was asked, by the ledger's own rule. */
export async function stepGrant(
  { record: { request, checked } }: SignedRecord,
  height: number,
  time: Instant,
  ledger: WitnessedLedger,
): Promise<Done<Deciding>> {
  if (checked.act === 0) throw refuted("数据已提供，记录却未引用授权", "data went out, and the record names no grant");
  const application = await ledger.shown("application", request.grant, height);
  const { act } = application.shown;
  if (act.number !== checked.act)
    throw refuted(
      `文件出示授权的第${act.number}项行为，记录引用的是第${checked.act}项`,
      `act ${act.number} of the grant is shown, the record cites ${checked.act}`,
    );
  const release = await ledger.shown("release", request.release, height);
  const member = await ledger.shown("member", request.consumer, height);
  const mandate = request.mandate === undefined ? undefined : await ledger.shown("mandate", request.mandate, height);
  const reading = await ledger.reading(time, height);
  const { dataset: named, grant } = reading.application(application.state);
  // A grant that names another dataset can cover this one by its class.
  const dataset = named === request.dataset ? undefined : await ledger.shown("dataset", request.dataset, height);
  const cases = {
    application: application.state,
    release: release.state,
    member: member.state,
    mandate: mandate?.state,
    dataset: dataset?.state,
  };
  const refusal = reading.refusalOfUse(request, cases, { time });
  if (refusal !== undefined)
    throw refuted(
      `授权不涵盖此次调用：${REASON_WORDS[refusal].zh}`,
      `the grant does not cover it: ${REASON_WORDS[refusal].en}`,
    );
  const ofClass = dataset && grant?.ofClass;
  const deciding: Deciding = [application, release, member, ...[mandate, dataset].filter((one) => one !== undefined)];
  return {
    value: deciding,
    fact: {
      request: toHex(sha256(canonicalBytes(request))),
      time,
      cases: deciding.map(({ shown }) => `${shown.act.noun}/${shown.act.case}/${shown.act.number}`),
    },
    text:
      ofClass === undefined
        ? {
            zh: `授权（第${act.number}项行为）涵盖所请求的批次、字段、用途、场景和期间`,
            en: `the grant (act ${act.number}) covers the release, fields, purpose, scenario and period asked`,
          }
        : {
            zh: `整类授权（第${act.number}项行为）涵盖类目“${ofClass.category.join("/")}”中不超过${ofClass.maxGrade}级的数据资源，${request.dataset} 当时在其中；并涵盖所请求的批次、字段、用途、场景和期间`,
            en: `the grant (act ${act.number}) of a class covers the datasets of "${ofClass.category.join("/")}" up to grade ${ofClass.maxGrade}, among which ${request.dataset} then was, and the release, fields, purpose, scenario and period asked`,
          },
  };
}

/** None of them had changed when the provider looked. */
export async function stepGrantStood(
  deciding: Deciding,
  height: number,
  ledger: WitnessedLedger,
): Promise<Done<undefined>> {
  for (const one of deciding) await ledger.assertStood(one, height);
  return {
    value: undefined,
    fact: { height, cases: deciding.map(({ shown }) => `${shown.act.noun}/${shown.act.case}/${shown.act.number}`) },
    text: {
      zh: deciding.some(isEntry)
        ? "到核对时，授权、批次、成员资格、所引委托和目录条目都没有变动"
        : "到核对时，授权、批次、成员资格和所引委托都没有变动",
      en: `grant, release, membership${deciding.some(isEntry) ? ", catalogue entry" : ""} and any mandate were unchanged when it was checked`,
    },
  };
}

const isEntry = ({ shown }: ShownCase): boolean => shown.act.noun === "dataset";
