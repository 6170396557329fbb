/**
 * Styles that Ant Design makes while it runs, and nothing else, reach the document as text. What could be markup is
 * refused, wherever it comes from: a text without `<` and `&` is the same as HTML and as plain text.
 */
const MARKUP = /[<&]/;

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/** Has to run before anything writes into the document. Browsers without Trusted Types have the policy's other parts. */
export function refuseMarkup(): void {
  const factory: unknown = Reflect.get(globalThis, "trustedTypes");
  if (!isFactory(factory)) return;
  factory.createPolicy("default", {
    createHTML(text) {
      if (MARKUP.test(text)) throw new TypeError("the page makes no markup out of text");
      return text;
    },
  });
}

const isFactory = (value: unknown): value is PolicyFactory =>
  typeof value === "object" && value !== null && "createPolicy" in value;
