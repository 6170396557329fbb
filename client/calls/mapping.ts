import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { type Static, type TSchema, Type } from "typebox";
import { Compile, Errors } from "typebox/schema";
import { CallDetails, CallFacts } from "../access/index.js";
import { CallFault } from "./call-fault.js";

/** What a record of a call can say, by the names that it has without a mapping (docs/formats/platform-call.md). */
export const CALL_MEMBERS = [
  ...(["call", "serial", "time", "provider", "consumer", "dataset", "way", "result", "rows", "digest"] as const),
  ...(["grant", "release", "fields", "purpose", "scenario", "operator", "officer"] as const),
] as const;
export type CallMember = (typeof CALL_MEMBERS)[number];

const MAX_VALUES = 100_000;
const perMember = <S extends TSchema>(schema: S) =>
  Type.Object(
    Object.fromEntries(CALL_MEMBERS.map((member) => [member, Type.Optional(schema)])) as Record<
      CallMember,
      ReturnType<typeof Type.Optional<S>>
    >,
    { additionalProperties: false },
  );
const Value = Type.String({ minLength: 1, maxLength: 1000 });

/** How a platform's records are read: configuration, since every city's has names of its own. */
export const CallMapping = Type.Object(
  {
    /** What the platform calls each member: a column, or a member of its JSON. Default: the member's own name. */
    members: Type.Optional(perMember(Type.String({ minLength: 1, maxLength: MAX_NAME }))),
    /** What its values mean here. A value that is not named stays as it is. */
    values: Type.Optional(
      perMember(Type.Record(Type.String(), Value, { maxProperties: MAX_VALUES, additionalProperties: false })),
    ),
    /** What all records say alike and none writes down. */
    constants: Type.Optional(perMember(Value)),
    /** Of times that name no zone. Default: China Standard Time. */
    clock: Type.Optional(Type.Enum(["china", "utc"])),
  },
  { additionalProperties: false },
);
export type CallMapping = Static<typeof CallMapping>;

/** A record as it came: texts by the platform's own names. */
export type RawCall = ReadonlyMap<string, string>;

/** What a record says, in this system's terms. */
export interface DrawnCall {
  readonly facts: CallFacts;
  readonly details: CallDetails;
  /** Where the platform counts its records: one more than the last. */
  readonly serial: number | undefined;
}

const factsForm = Compile(CallFacts);
const detailsForm = Compile(CallDetails);

/** Reads records of one platform. */
export class CallReader {
  readonly #platform: string;
  readonly #mapping: CallMapping;

  constructor(platform: string, mapping: CallMapping) {
    this.#platform = platform;
    this.#mapping = mapping;
  }

  /** @throws CallFault MEMBER_MISSING, MEMBER_WRONG */
  read(raw: RawCall): DrawnCall {
    const of = (member: CallMember) => this.#value(raw, member);
    const facts = {
      ...{ road: "platform", platform: this.#platform, call: of("call") },
      time: instantOf(needed("time", of("time")), this.#mapping.clock),
      ...{ provider: of("provider"), consumer: of("consumer"), dataset: of("dataset") },
      ...{ way: of("way") ?? "lookup", result: of("result") ?? "served", rows: wholeOf("rows", of("rows") ?? "0") },
      ...present({ digest: of("digest")?.toLowerCase() as Digest | undefined }),
    };
    for (const member of ["call", "provider", "consumer", "dataset"] as const) needed(member, facts[member]);
    if (!factsForm.Check(facts)) throw wrong(CallFacts, facts);
    const fields = of("fields")
      ?.split(/[,;|]/)
      .map((field) => field.trim());
    const details = present({
      ...{ grant: of("grant"), release: of("release"), fields, purpose: of("purpose"), scenario: of("scenario") },
      ...{ operator: of("operator"), officer: of("officer") },
    });
    if (!detailsForm.Check(details)) throw wrong(CallDetails, details);
    const serial = of("serial");
    return {
      facts: facts as CallFacts,
      details: details as CallDetails,
      serial: serial === undefined ? undefined : wholeOf("serial", serial),
    };
  }

  #value(raw: RawCall, member: CallMember): string | undefined {
    const { members, values, constants } = this.#mapping;
    const written = raw.get(members?.[member] ?? member)?.trim();
    if (written === undefined || written === "") return constants?.[member];
    const meant = values?.[member];
    return meant !== undefined && Object.hasOwn(meant, written) ? meant[written] : written;
  }
}

function needed(member: CallMember, value: string | undefined): string {
  if (value === undefined) throw new CallFault("MEMBER_MISSING", `the record does not say its ${member}`);
  return value;
}

function wrong(schema: TSchema, value: unknown): CallFault {
  const [, [first]] = Errors(schema, value);
  return new CallFault("MEMBER_WRONG", `${first?.instancePath ?? "/"} ${first?.message ?? "does not fit"}`);
}

function present<T extends object>(members: T): { [Member in keyof T]?: NonNullable<T[Member]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}

function wholeOf(member: CallMember, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new CallFault("MEMBER_WRONG", `/${member} is no whole number: ${shown(text)}`);
  return value;
}

const TIME = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})[T ]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;
const CHINA_HOURS = 8;
const SECONDS_LENGTH = "2026-09-28T01:00:00".length;

/**
 * `2026-09-28 09:00:00`, the same as RFC 3339 has it, or as one number `20260928090000`; seconds or milliseconds since
 * 1970.
 */
function instantOf(text: string, clock: CallMapping["clock"] = "china"): Instant {
  const at = millisecondsOf(text, clock);
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) throw new CallFault("MEMBER_WRONG", `/time is no time: ${shown(text)}`);
  return `${date.toISOString().slice(0, SECONDS_LENGTH)}Z` as Instant;
}

function millisecondsOf(text: string, clock: "china" | "utc"): number {
  if (/^\d{13}$/.test(text)) return Number(text);
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  const [, year, month, day, hour, minute, second, zone] = TIME.exec(text) ?? [];
  if (year === undefined) return Number.NaN;
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A day that does not exist would be another.
  if (Number.isNaN(local.getTime()) || local.getUTCDate() !== Number(day)) return Number.NaN;
  return local.getTime() - minutesOf(zone, clock) * 60_000;
}

function minutesOf(zone: string | undefined, clock: "china" | "utc"): number {
  if (zone === undefined) return clock === "china" ? CHINA_HOURS * 60 : 0;
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

const SHOWN = 40;
const shown = (text: string): string => JSON.stringify(text.slice(0, SHOWN));
