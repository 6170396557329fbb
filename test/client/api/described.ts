import type { Answer, Operation } from "@wanlian/client/api/operation.js";
import { expect } from "chai";
import { Compile } from "typebox/schema";

/** The document of a node, as far as its answers go. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Answers }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

type Answers = Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;

/** Holds what a node answers against what its own document says that it answers. */
export class DescribedAnswers {
  readonly #document: Promise<Document>;
  readonly #checks = new Map<string, ReturnType<typeof Compile>>();

  constructor(base: string) {
    this.#document = fetch(`${base}/openapi.json`).then(async (answer) => (await answer.json()) as Document);
    // Whoever asks for nothing that is described need not have it.
    this.#document.catch(() => undefined);
  }

  async expect(method: string, path: string, status: number, body: unknown): Promise<void> {
    const document = await this.#document;
    const [asked = ""] = path.split("?");
    const route = Object.keys(document.paths)
      .sort((one, other) => one.split("{").length - other.split("{").length)
      .find(
        (one) =>
          new RegExp(`^${one.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(asked) &&
          method.toLowerCase() in Object(document.paths[one]),
      );
    if (route === undefined) return;
    const name = `${method} ${route} ${status}`;
    const schema =
      document.paths[route]?.[method.toLowerCase()]?.responses[status]?.content?.["application/json"]?.schema;
    if (schema === undefined) return;
    const check = this.#checks.get(name) ?? Compile(wholeSchema(schema, document));
    this.#checks.set(name, check);
    expectFits(check, body, name);
  }
}

/** An answer as its operation gave it, which is what the operation describes. */
export function asDescribed({ id, answers }: Operation, answer: Answer): Answer {
  const schema = answers[answer.status];
  if (schema === undefined) throw new RangeError(`${id} describes no answer ${answer.status}`);
  if (answer.body !== undefined) expectFits(Compile(schema), JSON.parse(JSON.stringify(answer.body)), id);
  return answer;
}

function expectFits(check: ReturnType<typeof Compile>, body: unknown, name: string): void {
  const [, errors] = check.Errors(body);
  const faults = errors.map(({ instancePath, message }) => `${instancePath}: ${message}`);
  expect(faults, `${name} answers otherwise than the document says: ${JSON.stringify(body)}`).to.deep.equal([]);
}

/** A schema with what it refers to in its place. */
function wholeSchema(value: unknown, document: Document): object {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    const reference: unknown = Reflect.get(Object(member), "$ref");
    const name = /(\w+)$/.exec(typeof reference === "string" ? reference : "")?.[1];
    return name === undefined ? member : document.components.schemas[name];
  });
  return Object(JSON.parse(text));
}
