import { Type } from "typebox";

/**
 * The names by which things on the ledger are known, each a type of its own so that none passes for another,
 * each with the schema that bounds it.
 */
declare const brand: unique symbol;
type Named<Name extends string> = string & { readonly [brand]: Name };

/** A department: the id of its MSP. */
export type MspId = Named<"MspId">;
/** An officer: the common name of the certificate's subject, a number that only the department can resolve. */
export type OfficerNumber = Named<"OfficerNumber">;
/** A Fabric transaction id: 64 lower-case hexadecimal digits. */
export type TransactionId = Named<"TransactionId">;
/** `MSPID/code`: nobody can register a dataset under another department's name. */
export type DatasetId = Named<"DatasetId">;
/** SHA-256, 64 lower-case hexadecimal digits. */
export type Digest = Named<"Digest">;
/** RFC 3339, UTC, whole seconds: `2026-09-28T01:00:00Z`. */
export type Instant = Named<"Instant">;
/** A calendar day in China Standard Time: `2026-09-28`. */
export type Day = Named<"Day">;
/** The id of an entry in the policy's register of legal bases. */
export type LegalBasisId = Named<"LegalBasisId">;

export const MSP_ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$";
const DATASET_CODE = "[A-Za-z0-9][A-Za-z0-9-]{0,63}";
export const DATASET_CODE_PATTERN = `^${DATASET_CODE}$`;

// Only days that exist: no rule has to remember that 30 February is none.
const MONTH_AND_DAY =
  "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
const LEAP_YEAR_OF_CENTURY = "(?:0[48]|[2468][048]|[13579][26])";
const DAY = `(?:20[0-9]{2}-${MONTH_AND_DAY}|20(?:00|${LEAP_YEAR_OF_CENTURY})-02-29)`;
const PAST_DAY = `(?:19[0-9]{2}-${MONTH_AND_DAY}|19${LEAP_YEAR_OF_CENTURY}-02-29|${DAY})`;
export const DAY_PATTERN = `^${DAY}$`;
export const INSTANT_PATTERN = `^${DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$`;
const HEX_256_PATTERN = "^[0-9a-f]{64}$";

const bounded = <T extends string>(pattern: string, maxLength: number) =>
  Type.Unsafe<T>(Type.String({ pattern, maxLength }));

export const MspId = bounded<MspId>(MSP_ID_PATTERN, 64);
export const OfficerNumber = bounded<OfficerNumber>("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", 64);
export const TransactionId = bounded<TransactionId>(HEX_256_PATTERN, 64);
export const DatasetCode = Type.String({ pattern: DATASET_CODE_PATTERN, maxLength: 64 });
export const DatasetId = bounded<DatasetId>(`${MSP_ID_PATTERN.slice(0, -1)}/${DATASET_CODE}$`, 129);
export const Digest = bounded<Digest>(HEX_256_PATTERN, 64);
export const Instant = bounded<Instant>(INSTANT_PATTERN, 20);
export const Day = bounded<Day>(DAY_PATTERN, 10);
/** A day that data speaks of: registers reach back before this century. */
export const PastDay = bounded<Day>(`^${PAST_DAY}$`, 10);
export const LegalBasisId = bounded<LegalBasisId>("^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$", 32);

export const datasetId = (provider: MspId, code: string): DatasetId => `${provider}/${code}` as DatasetId;
/** The department in a dataset's id: its provider. */
export const providerOf = (dataset: DatasetId): MspId => dataset.slice(0, dataset.indexOf("/")) as MspId;
