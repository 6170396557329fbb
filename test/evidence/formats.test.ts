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
});
