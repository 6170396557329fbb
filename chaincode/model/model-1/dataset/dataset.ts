import { Check } from "typebox/schema";
import { ensure } from "../../errors.js";
import { type DatasetId, type MspId, providerOf } from "../../identifiers.js";
import { checkSize, MAX_FIELD_NAMES_BYTES } from "../limits.js";
import { checkLegalBasis } from "../policy/legal-basis.js";
import type { PolicyInForce } from "../policy/policy-in-force.js";
import { by, commandsOf, defineNoun, NONE } from "../table.js";
import { DatasetState, RegisterDataset, ReviseDataset, WithdrawDataset } from "./dataset-schema.js";

const command = commandsOf<DatasetState>();

/** 数据资源: an entry of the catalogue and of its provider's responsibility list (requirements R2). */
export const dataset = defineNoun<DatasetState>({
  name: "dataset",
  title: { zh: "数据资源", en: "dataset" },
  identity: "code",
  statuses: ["registered", "withdrawn"],
  state: DatasetState,
  fixed: ["provider"],
  commands: {
    register: command({
      summary: "enter a dataset in the catalogue",
      body: RegisterDataset,
      from: [NONE],
      to: ["registered"],
      by: by("provider", "steward"),
      apply: ({ body, actor, number, policy }) => entry(body, actor.department, number, policy),
    }),
    revise: command({
      summary: "replace the catalogue entry by a new version",
      body: ReviseDataset,
      from: ["registered"],
      to: ["registered"],
      by: by("provider", "steward"),
      apply: ({ body, actor, number, policy }) => entry(body, actor.department, number, policy),
    }),
    withdraw: command({
      summary: "take the dataset out of the catalogue; its history stays",
      body: WithdrawDataset,
      from: ["registered"],
      to: ["withdrawn"],
      by: by("provider", "steward"),
      apply: ({ current }) => ({ ...current, status: "withdrawn" }),
    }),
  },
  relations: ({ ref, actor, state }) =>
    (state?.provider ?? providerOf(ref.case as DatasetId)) === actor.department ? ["provider"] : [],
  describe: (_ref, state, body) => ({
    status: state.status,
    parties: [{ department: state.provider, relation: "provider" }],
    deadlines: [],
    references: [],
    ...(isEntry(body) ? { searchText: searchText(body) } : {}),
  }),
});

function entry(
  body: Omit<RegisterDataset, "code">,
  provider: MspId,
  version: number,
  policy: PolicyInForce,
): DatasetState {
  const { name, grade, share } = body;
  const fields = body.fields.map((field) => field.name);
  ensure(new Set(fields).size === fields.length, "INVALID_INPUT", "two fields have the same name");
  checkSize("the field names", fields, MAX_FIELD_NAMES_BYTES);
  if (share.class !== "unconditional" || share.basis !== undefined) checkLegalBasis(policy, share.basis);
  const rule = share.basis === undefined ? { class: share.class } : { class: share.class, basis: share.basis };
  return { status: "registered", provider, name, version, share: rule, grade, fields };
}

const isEntry = (body: unknown): body is RegisterDataset | ReviseDataset =>
  Check(RegisterDataset, body) || Check(ReviseDataset, body);

function searchText(body: RegisterDataset | ReviseDataset): string {
  const fields = body.fields.flatMap((field) => [field.name, field.meaning]);
  return [body.name, body.abstract, ...body.category, body.sourceSystem, ...fields].join(" ");
}
