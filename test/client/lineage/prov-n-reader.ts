/** Reads PROV-N (W3C Recommendation of 30 April 2013) as PROV-JSON has it, as far as documents of ours use it. */

const FORMAL: Readonly<Record<string, readonly string[]>> = {
  wasGeneratedBy: ["entity", "activity", "time"],
  used: ["activity", "entity", "time"],
  wasDerivedFrom: ["generatedEntity", "usedEntity", "activity", "generation", "usage"],
  wasAttributedTo: ["entity", "agent"],
  wasAssociatedWith: ["activity", "agent", "plan"],
  actedOnBehalfOf: ["delegate", "responsible", "activity"],
  specializationOf: ["specificEntity", "generalEntity"],
};

/** A qualified name by the grammar's PN_PREFIX and PN_LOCAL, without what has to be escaped. */
const NAME = String.raw`[A-Za-z]\w*:(?:(?:[\w/@~&+*?#$!]|%[0-9A-F]{2})(?:(?:[\w.\-/@~&+*?#$!]|%[0-9A-F]{2})*(?:[\w\-/@~&+*?#$!]|%[0-9A-F]{2}))?)?`;
const TOKEN = new RegExp(
  String.raw`\s*(?:(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)|(?<text>"(?:\\.|[^"\\\n])*")|(?<quoted>'${NAME}')|(?<name>${NAME})|(?<address><[^>\s]*>)|(?<word>[A-Za-z]\w*)|(?<sign>%%|[(),=\[\]-]))`,
  "uy",
);

type Attributes = Record<string, unknown>;

/** @throws SyntaxError where the text is none */
export function readProvN(text: string): Record<string, Record<string, unknown>> {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new SyntaxError(`${wanted ?? "something"} where ${token} stands`);
    }
    at += 1;
    return token;
  };
  const found: Record<string, Record<string, unknown>> = { prefix: {}, entity: {}, activity: {}, agent: {} };
  let relations = 0;
  take("document");
  while (tokens[at] === "prefix") {
    take();
    const name = take();
    (found.prefix ?? {})[name] = take().slice(1, -1);
  }
  while (tokens[at] !== "endDocument") {
    const kind = take();
    take("(");
    const members = [take()];
    let attributes: Attributes = {};
    while (tokens[at] === ",") {
      take();
      if (tokens[at] === "[") attributes = attributesOf(take);
      else members.push(take());
    }
    take(")");
    const section = found[kind] ?? {};
    found[kind] = section;
    const [id = "", start] = members;
    const formal = FORMAL[kind];
    if (formal !== undefined) {
      if (members.length !== formal.length) throw new SyntaxError(`${kind} has ${members.length} members`);
      relations += 1;
      const named = formal.flatMap((name, index) => (members[index] === "-" ? [] : [[`prov:${name}`, members[index]]]));
      section[`_:r${relations}`] = { ...Object.fromEntries(named), ...attributes };
    } else if (kind === "activity") {
      section[id] = { "prov:startTime": start, "prov:endTime": members[2], ...attributes };
    } else if (kind === "entity" || kind === "agent") {
      section[id] = attributes;
    } else {
      throw new SyntaxError(`${kind} is no expression`);
    }
  }
  return found;
}

function attributesOf(take: (wanted?: string) => string): Attributes {
  const attributes: Attributes = {};
  take("[");
  for (;;) {
    const name = take();
    take("=");
    attributes[name] = take();
    const after = take();
    const literal = String(attributes[name]);
    if (after === "%%") {
      attributes[name] = { $: unescaped(literal), type: take() };
    } else if (literal.startsWith("'")) {
      attributes[name] = { $: literal.slice(1, -1), type: "prov:QUALIFIED_NAME" };
    } else {
      attributes[name] = unescaped(literal);
    }
    const end = after === "%%" ? take() : after;
    if (end === "]") return attributes;
    if (end !== ",") throw new SyntaxError(`${end} between attributes`);
  }
}

const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const unescaped = (text: string): string =>
  text.slice(1, -1).replaceAll(/\\(.)/g, (_, character: string) => CONTROLS[character] ?? character);

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new SyntaxError(`at ${from}: ${text.slice(from, from + 40)}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}
