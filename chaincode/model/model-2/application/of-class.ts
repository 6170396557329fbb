import { type Static, type TObject, Type } from "typebox";
import { ensure } from "../../errors.js";
import { type DatasetId, Instant, providerOf } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { Circumstances, CommandDefinition } from "../../kernel/noun.js";
import { closed } from "../../kernel/schema.js";
import type { ApplicationState } from "../../model-1/application/application-schema.js";
import { Grade } from "../../model-1/dataset/dataset-schema.js";
import { Category, type DatasetState } from "../dataset/classified.js";

/**
 * 整类授权: the provider's other datasets that a blanket authorization covers beside the one that it names, by where the
 * catalogue has them.
 */
export const OfClass = closed({
  /** The path of the category, or its beginning: what lies below is in it. */
  category: Category,
  /** The highest grade that is covered. */
  maxGrade: Grade,
  /** Whether what comes into the class after the grant is covered too. */
  later: Type.Enum(["included", "excluded"]),
  /** Of those datasets: the fields with the names that were granted, or all. */
  extent: Type.Enum(["namedFields", "allFields"]),
});
export type OfClass = Static<typeof OfClass>;

/** As it was granted, and when: by that it is known what came later. */
export const GrantedClass = closed({ ...OfClass.properties, asOf: Instant });
export type GrantedClass = Static<typeof GrantedClass>;

const ofClass = { ofClass: Type.Optional(OfClass) };
/** In the state: the class that was applied for, and in the grant that which was granted. */
export const askedClass = ofClass;
export const grantedClass = { ofClass: Type.Optional(GrantedClass) };

interface WithClass {
  readonly kind?: string;
  readonly provider?: string;
  readonly ofClass?: OfClass;
  readonly grant?: { readonly ofClass?: GrantedClass };
}

/** The class that a grant is of; undefined where it is of the dataset alone that it names. */
export const classOf = (application: CaseState | undefined): GrantedClass | undefined =>
  (application as WithClass | undefined)?.grant?.ofClass;

/**
 * Whether the class that a grant is of has a dataset, as the catalogue has it. It is of the grant's provider's data; what is
 * withheld or withdrawn is in no class.
 */
export function coversClass(application: CaseState | undefined, entry: CaseState | undefined): boolean {
  const granted = classOf(application);
  const dataset = entry as DatasetState | undefined;
  if (granted === undefined || dataset?.classified === undefined || dataset.status !== "registered") return false;
  const { classified, grade, share, provider } = dataset;
  if (provider !== (application as WithClass).provider) return false;
  if (share.class === "withheld" || grade > granted.maxGrade || !isBelow(classified.category, granted.category)) {
    return false;
  }
  return granted.later === "included" || classified.since <= granted.asOf;
}

const isBelow = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((name, level) => path[level] === name);

/** A row whose body can name a class: what the rest of the body comes to, with it. */
function takingClass(
  row: CommandDefinition,
  body: TObject,
  withClass: (state: CaseState, ofClass: OfClass, circumstances: Circumstances) => CaseState,
): CommandDefinition {
  return {
    ...row,
    body: closed({ ...body.properties, ...ofClass }),
    refers: ({ ofClass: _, ...rest }: WithClass) => row.refers(rest),
    apply(circumstances): CaseState {
      const { ofClass, ...rest } = circumstances.body as WithClass;
      const state = row.apply({ ...circumstances, body: rest });
      return ofClass === undefined ? state : withClass(state, ofClass, circumstances);
    },
  };
}

/** An application for a class is one for a blanket authorization. */
export const askingForClass = (row: CommandDefinition, body: TObject): CommandDefinition =>
  takingClass(row, body, (state, ofClass, { body }) => {
    ensure((body as WithClass).kind === "blanket", "MISMATCH", "what covers a class is a blanket authorization");
    return { ...state, ofClass };
  });

/** A grant covers no class but one that lies within what was applied for; or the dataset alone that it names. */
export const grantingClass = (row: CommandDefinition, body: TObject): CommandDefinition =>
  takingClass(row, body, (state, ofClass, { state: before, time }) => {
    const { ofClass: asked } = before as CaseState & WithClass;
    ensure(asked !== undefined, "OUT_OF_SCOPE", "no class was applied for");
    const isWithin =
      isBelow(ofClass.category, asked.category) &&
      ofClass.maxGrade <= asked.maxGrade &&
      (ofClass.later === "excluded" || asked.later === "included") &&
      (ofClass.extent === "namedFields" || asked.extent === "allFields");
    ensure(isWithin, "OUT_OF_SCOPE", "the class is wider than what was applied for");
    const { grant } = state as { readonly grant?: { readonly filters?: unknown } };
    // A row filter is by a field of one dataset: others need not have it.
    ensure(grant?.filters === undefined, "MISMATCH", "the rows of a class are not filtered; grant one dataset");
    return { ...state, grant: { ...grant, ofClass: { ...ofClass, asOf: time } } };
  });

/**
 * A grant as it covers a dataset of its class: as if it named that one. Unchanged where it does not cover it.
 * @param dataset as the catalogue has it
 */
export function asIfNamed(
  application: CaseState | undefined,
  named: string,
  dataset: CaseState | undefined,
): CaseState | undefined {
  const { dataset: itself, grant } = (application ?? {}) as Partial<ApplicationState>;
  if (application === undefined || itself === named || !coversClass(application, dataset)) return application;
  const { fields } = dataset as DatasetState;
  const given = classOf(application)?.extent === "allFields" ? { ...grant, fields } : grant;
  return Object.assign({}, application, { dataset: named, grant: given });
}

/**
 * The fields that were granted of a dataset, by whoever says that it was got under the grant; undefined: all. Whether the
 * class had it then, the access's own record says, which was held against the catalogue as it stood.
 * @throws LedgerError MISMATCH
 */
export function fieldsGranted(
  application: ApplicationState,
  { grant: id, dataset }: { readonly grant: string; readonly dataset: DatasetId },
): readonly string[] | undefined {
  const { dataset: named, provider, grant } = application;
  const granted = classOf(application);
  const isOn = named === dataset || (granted !== undefined && providerOf(dataset) === provider);
  ensure(isOn, "MISMATCH", `grant ${id} is on ${named}`);
  return named !== dataset && granted?.extent === "allFields" ? undefined : grant?.fields;
}
