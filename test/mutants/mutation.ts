import type { AnyNode, CallExpression, Expression, Program } from "acorn";
import { childrenOf } from "./tree.js";

/**
 * One small change to a module. `expression` stands where the node stood; a `statement` is left out; a `property` of an
 * object is left out.
 */
export type Mutation = {
  readonly start: number;
  readonly end: number;
} & ({ readonly kind: "expression"; readonly replacement: string } | { readonly kind: "statement" | "property" });

const NEIGHBOURS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "&&": "||",
  "||": "&&",
};

const SWAPPED_METHODS: ReadonlyMap<string, string> = new Map([
  ["every", "some"],
  ["some", "every"],
]);

/** What is called on loses something by them; a mutant forgets to. */
const NARROWING_METHODS: ReadonlySet<string> = new Set(["filter", "slice", "subarray", "toSorted"]);

/** Options of a schema: each is a promise about what is refused. */
const SCHEMA_OPTIONS: ReadonlySet<string> = new Set([
  ...["minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern", "format"],
  ...["minItems", "maxItems", "uniqueItems", "additionalProperties"],
]);

/** Longer lists are tables of data, where one element less is no forgotten check. */
const LONGEST_LIST = 8;

/**
 * The mutations of a module: a check left out, a condition that always or never holds, a comparison moved by one, a
 * wrong operator, one allowed thing more or less. Texts for people are left alone: no rule hangs on them.
 */
export function mutationsOf(program: Program, code: string): Mutation[] {
  const found: Mutation[] = [];
  const text = (node: AnyNode) => code.slice(node.start, node.end);
  const swap = (node: AnyNode, replacement: string) => {
    if (replacement !== text(node)) found.push({ kind: "expression", start: node.start, end: node.end, replacement });
  };
  const leaveOut = (kind: "statement" | "property", { start, end }: AnyNode) => found.push({ kind, start, end });
  const decide = (test: Expression) => {
    swap(test, "true");
    swap(test, "false");
  };

  visit(program);
  return found;

  function visit(node: AnyNode): void {
    if (isHelper(node)) return;
    mutate(node);
    for (const child of childrenOf(node)) visit(child);
  }

  function mutate(node: AnyNode): void {
    switch (node.type) {
      case "IfStatement":
      case "ConditionalExpression":
        decide(node.test);
        break;
      case "WhileStatement":
        swap(node.test, "false");
        break;
      case "BinaryExpression":
      case "LogicalExpression": {
        const operator = NEIGHBOURS[node.operator];
        if (operator !== undefined && !isText(node.left) && !isText(node.right))
          swap(node, `(${text(node.left)}) ${operator} (${text(node.right)})`);
        break;
      }
      case "UnaryExpression":
        if (node.operator === "!") swap(node, `(${text(node.argument)})`);
        break;
      case "ExpressionStatement":
        if (isCall(node.expression)) leaveOut("statement", node);
        break;
      case "CallExpression":
        mutateCall(node);
        break;
      case "ArrayExpression":
        if (node.elements.length > LONGEST_LIST || !node.elements.every(isListed)) break;
        for (const dropped of node.elements)
          swap(node, `[${node.elements.flatMap((kept) => (kept && kept !== dropped ? [text(kept)] : [])).join(", ")}]`);
        break;
      case "Property":
        if (node.key.type === "Identifier" && SCHEMA_OPTIONS.has(node.key.name) && node.kind === "init")
          leaveOut("property", node);
        break;
      case "Literal":
        if (typeof node.value === "boolean") swap(node, String(!node.value));
        if (typeof node.value === "number") swap(node, String(node.value + 1));
        break;
    }
  }

  function mutateCall(node: CallExpression): void {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.object.type === "Super")
      return;
    const swapped = SWAPPED_METHODS.get(callee.property.name);
    if (swapped !== undefined)
      swap(node, `(${text(callee.object)}).${swapped}(${node.arguments.map(text).join(", ")})`);
    if (NARROWING_METHODS.has(callee.property.name)) swap(node, `(${text(callee.object)})`);
  }
}

/** What the compiler adds of its own: nobody wrote it. */
const isHelper = (node: AnyNode): boolean =>
  node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.id.name.startsWith("__");

const isText = (node: AnyNode): boolean =>
  node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");

const isListed = (element: AnyNode | null): boolean =>
  element !== null && (element.type === "SpreadElement" || isText(element));

/** A call for its effect: what a forgotten check looks like. */
const isCall = (expression: Expression): boolean =>
  expression.type === "CallExpression" ||
  (expression.type === "AwaitExpression" && expression.argument.type === "CallExpression");
