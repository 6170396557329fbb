import { callOperations, evidenceOperations, exchangeOperations } from "@wanlian/client/api";
import type { Operation } from "@wanlian/client/api/operation.js";
import { allOperations } from "@wanlian/client/api/operations/all.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import { ApiError } from "@wanlian/client/core/index.js";
import { Sessions } from "@wanlian/client/keys/officers/sessions.js";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { RELEASED } from "@wanlian/model/models.js";
import { Subject } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";

const nobody = () => expect.fail("nothing is asked of it");
const sessions = new Sessions(new OfficerStore("nowhere"), () => new Date());
const operations: readonly Operation[] = RELEASED.all.flatMap((model) => [
  ...allOperations(model, sessions),
  ...callOperations(nobody),
  ...exchangeOperations(nobody),
  ...evidenceOperations({} as never, nobody),
]);

type Schema = Readonly<Record<string, unknown>>;

/** Every schema in a schema, with its place. */
function* within(schema: Schema, place: string): Generator<readonly [string, Schema]> {
  yield [place, schema];
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
    yield* within(member, `${place}/${name}`);
  }
  for (const name of ["items", "additionalProperties"] as const) {
    const found = schema[name];
    if (typeof found === "object" && found !== null && !Array.isArray(found)) {
      yield* within(found as Schema, `${place}/${name}`);
    }
  }
  for (const name of ["anyOf", "allOf", "oneOf"] as const) {
    for (const [at, one] of ((schema[name] ?? []) as readonly Schema[]).entries())
      yield* within(one, `${place}/${name}${at}`);
  }
}

/** What of a schema would let anything in, or any length of it. */
function openings(schema: Schema): string[] {
  if ("enum" in schema || "const" in schema) return [];
  if (schema.type === "object") return schema.additionalProperties === undefined ? ["takes other members"] : [];
  if (schema.type === "array") return schema.maxItems === undefined ? ["has any length"] : [];
  if (schema.type === "string")
    return schema.maxLength === undefined && schema.pattern === undefined ? ["is any text"] : [];
  return [];
}

/** Bounded by the body's size, and checked against a schema of their own once it is known which. */
const CHECKED_LATER: ReadonlySet<string> = new Set([
  // A report of data's quality, as another part of the node wrote it.
  "body/report takes other members",
  // By the kind it is found which question it is.
  "body/question/kind is any text",
]);

describe("what an operation takes", () => {
  for (const operation of operations) {
    const { id, path, query, body } = operation;
    const parts = Object.entries({ path, query, body }).flatMap(([name, schema]) =>
      schema === undefined ? [] : [[name, schema as unknown as Schema] as const],
    );
    it(`is closed and bounded: ${id}`, () => {
      const open = parts.flatMap(([name, schema]) =>
        [...within(schema, name)].flatMap(([place, one]) => openings(one).map((how) => `${place} ${how}`)),
      );
      expect(open.filter((place) => !CHECKED_LATER.has(place))).to.deep.equal([]);
    });

    it(`has no parameter that its document does not name: ${id}`, () => {
      const checks = checksOf(operation);
      for (const check of [checks.path, checks.query]) {
        expect(() => check({ surplus: "1" }))
          .to.throw(ApiError)
          .with.property("code", "BAD_REQUEST");
      }
    });
  }

  it("names what is looked up by names that fields can have, and by nothing else", () => {
    expect(() => checkSchema(Subject, { code: "0371", 名称: "宛城区" })).not.to.throw();
    for (const other of [
      { "two\nlines": "1" },
      { "two\nlines": { of: "anything" } },
      { code: { of: "anything" } },
      {},
    ]) {
      expect(() => checkSchema(Subject, other), JSON.stringify(other))
        .to.throw(LedgerError)
        .with.property("code", "INVALID_INPUT");
    }
  });
});
