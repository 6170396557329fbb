import type { TObject, TSchema } from "typebox";
import { Type } from "typebox";
import { API_ROOT } from "../api-document/index.js";
import { memberDescription } from "./document-members.js";
import type { Operation } from "./operation.js";
import { SESSION_COOKIE } from "./server/security.js";

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description:
    "The caller's own name for this filing, 8 to 128 characters. The same officer's same key never files twice: " +
    "repeat it when an answer was lost.",
  schema: { type: "string", minLength: 8, maxLength: 128, pattern: "^[!-~]+$" },
} as const;

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String({ description: "Stable: the ledger's, the node's or the API's own." }),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    demo: Type.Optional(Type.Boolean()),
  },
  { title: "Problem", description: "RFC 9457" },
);

/** The OpenAPI 3.1 document of a set of operations: what the server checks requests against is in it, whole. */
export function openApiDocument(operations: readonly Operation[], version: string): Readonly<Record<string, unknown>> {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const described = byReference(withMembersDescribed(describe(operation)), schemas);
    paths[operation.route] = { ...paths[operation.route], [operation.method]: described };
  }
  byReference(withMembersDescribed(Problem), schemas);
  return {
    openapi: "3.1.0",
    info: {
      title: "宛链 department node / 部门节点",
      version,
      description:
        "Acts on the ledger and what follows from them, as this node's own fold has them. Errors are problem documents " +
        "(RFC 9457) in the language of Accept-Language. On a demo channel every answer says so: header Wanlian-Demo, member demo.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: API_ROOT }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        cookie: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

/** Schemas with a title are told once, by that name; wherever else they stand is a reference. */
function byReference(value: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((member) => byReference(member, schemas));
  if (typeof value !== "object" || value === null) return value;
  const told = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, byReference(member, schemas)]));
  if (!("title" in told) || typeof told.title !== "string") return told;
  schemas[told.title] ??= told;
  return { $ref: `#/components/schemas/${told.title}` };
}

/** Every member says what it is: in its own words, else by what people call it. */
function withMembersDescribed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMembersDescribed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === "properties" && typeof part === "object" ? membersDescribed(part) : withMembersDescribed(part),
    ]),
  );
}

const membersDescribed = (members: object | null): object =>
  Object.fromEntries(
    Object.entries(members ?? {}).map(([name, schema]) => {
      const told = Object(withMembersDescribed(schema));
      // What is told elsewhere says there what it is.
      return [
        name,
        "description" in told || "title" in told ? told : { ...told, description: memberDescription(name) },
      ];
    }),
  );

/** An object of its own has a name, by which generators call its type. */
const named = (schema: TSchema, name: string): TSchema =>
  Reflect.get(schema, "type") === "object" && Reflect.get(schema, "title") === undefined
    ? { ...schema, title: name }
    : schema;

const typeName = (operationId: string, of: "Body" | "Answer"): string =>
  operationId.charAt(0).toUpperCase() + operationId.slice(1) + of;

function describe(operation: Operation): Record<string, unknown> {
  const operationId = generatorName(operation.id);
  return {
    operationId,
    tags: [operation.tag],
    summary: `${operation.summary.en} / ${operation.summary.zh}`,
    security: operation.access === "public" ? [] : [{ cookie: [] }, { bearer: [] }],
    parameters: [
      ...parameters("path", operation.path),
      ...parameters("query", operation.query),
      ...(operation.effect === "filing" ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: content("application/json", named(operation.body, typeName(operationId, "Body")), {
            required: true,
          }),
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, schema]) => [
          status,
          answerContent(operation, Number(status), named(schema, typeName(operationId, "Answer"))),
        ]),
      ),
      default: content(
        "application/problem+json",
        { $ref: "#/components/schemas/Problem" },
        { description: "Refused" },
      ),
    },
  };
}

/** Generators make functions of operation ids: `application.apply` is `applicationApply` there. */
export const generatorName = (id: string): string =>
  id.replaceAll(/\.(\w)/g, (_dot, letter: string) => letter.toUpperCase());

const content = (media: string, schema: object, more: Record<string, unknown>) => ({
  ...more,
  content: { [media]: { schema } },
});

/** What is done and says nothing has no content. */
function answerContent({ media }: Operation, status: number, schema: TSchema): Record<string, unknown> {
  const description = schemaDescription(schema);
  return status === NO_CONTENT ? { description } : content(media, schema, { description });
}

const NO_CONTENT = 204;

function parameters(place: "path" | "query", schema: TObject | undefined): Record<string, unknown>[] {
  if (schema === undefined) return [];
  const required: readonly string[] = schema.required ?? [];
  return Object.entries(schema.properties).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    description: descriptionOf(value) ?? memberDescription(name),
    schema: value,
  }));
}

const schemaDescription = (schema: TSchema): string => descriptionOf(schema) ?? "Done";

function descriptionOf(schema: TSchema): string | undefined {
  const description: unknown = Reflect.get(schema, "description");
  return typeof description === "string" ? description : undefined;
}
