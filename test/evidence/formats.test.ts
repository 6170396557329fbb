import { readFile } from "node:fs/promises";
import {
  AccessRecord,
  AccessRequest,
  AuditEntry,
  AuditPageRequest,
  ComparedRows,
  FilingEntry,
  ShownAnswer,
  SignedRecord,
  SignedRequest,
} from "@wanlian/verify";
import { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { TrustFile } from "@wanlian/verify/trust.js";
import { expect } from "chai";
import type { TSchema } from "typebox";

/** What others send, by its name. */
const FORMATS: Readonly<Record<string, TSchema>> = {
  AccessRequest,
  SignedRequest,
  AccessRecord,
  SignedRecord,
  AuditPageRequest,
  AuditEntry,
  FilingEntry,
  ComparedRows,
  ShownAnswer,
  EvidenceFile,
};

/** Texts whose end is that of the message around them: values as they stand in a source. */
const BY_THEIR_MESSAGE = /^(ShownAnswer|EvidenceFile\.answer)\.payload\.(fields|rows)/;

interface AnySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly maxProperties?: number;
  readonly items?: TSchema;
  readonly maxItems?: number;
  readonly anyOf?: readonly TSchema[];
  readonly allOf?: readonly TSchema[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Whether a pattern alone says how long a text can be. */
const isBounded = (pattern: string) => /^\^.*\$$/s.test(pattern) && !/(?<!\\)(?:[*+]|\{\d+,\})/.test(pattern);

/** The places of a format at which what comes could go on without end, or hold what nobody reads. */
function endless(schema: TSchema, place: string): string[] {
  const one = schema as AnySchema;
  const parts = [...(one.anyOf ?? []), ...(one.allOf ?? [])].flatMap((part) => endless(part, place));
  if (one.enum !== undefined || one.const !== undefined) return parts;
  switch (one.type) {
    case "string":
      return one.maxLength !== undefined || isBounded(one.pattern ?? "") ? [] : [`${place}: a text`];
    case "integer":
    case "number":
      return one.minimum !== undefined && one.maximum !== undefined ? [] : [`${place}: a number`];
    case "array":
      return [
        ...(one.maxItems === undefined ? [`${place}: a list`] : []),
        ...(one.items === undefined ? [`${place}: a list of anything`] : endless(one.items, place)),
      ];
    case "object": {
      const named = Object.entries(one.properties ?? {});
      const byPattern = Object.values(one.patternProperties ?? {});
      const isOpen = byPattern.length === 0 ? one.additionalProperties !== false : one.maxProperties === undefined;
      return [
        ...(isOpen ? [`${place}: an object`] : []),
        ...named.flatMap(([name, part]) => endless(part, `${place}.${name}`)),
        ...byPattern.flatMap((part) => endless(part, `${place}.*`)),
      ];
    }
    default:
      return parts;
  }
}

describe("what others send", () => {
  for (const [name, schema] of Object.entries(FORMATS)) {
    it(`has an end at every place of its format: ${name}`, () => {
      expect(endless(schema, name).filter((place) => !BY_THEIR_MESSAGE.test(place))).to.deep.equal([]);
    });
  }

  it("is bounded where it was, neither tighter nor wider: whoever writes counts on it (formats.json)", async () => {
    const file = new URL("../../evidence/formats.json", import.meta.url);
    const frozen = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;
    const kept = { EvidenceFile, TrustFile, SignedRecord, AuditEntry, FilingEntry };
    const bounds = Object.entries(kept).flatMap(([name, schema]) => [...boundsOf(schema, name)]);
    expect(Object.fromEntries(bounds)).to.deep.equal(frozen);
  });
});

const BOUNDS = [
  ...["minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern"],
  ...["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
];

/** Every bound of a format, by its place. */
function* boundsOf(schema: TSchema, place: string): Generator<readonly [string, string]> {
  const one = schema as unknown as Readonly<Record<string, unknown>>;
  const bounds = BOUNDS.flatMap((name) => (one[name] === undefined ? [] : [`${name} ${String(one[name])}`]));
  if (bounds.length > 0) yield [place, bounds.join(", ")];
  const { properties = {}, patternProperties = {}, items, anyOf = [], allOf = [] } = schema as AnySchema;
  for (const [name, part] of Object.entries(properties)) yield* boundsOf(part, `${place}.${name}`);
  for (const part of Object.values(patternProperties)) yield* boundsOf(part, `${place}.*`);
  if (items !== undefined) yield* boundsOf(items, `${place}[]`);
  for (const [at, part] of [...anyOf, ...allOf].entries()) yield* boundsOf(part, `${place}|${at}`);
}
