import type { AnyNode } from "acorn";

/**
 * The nodes below a node that may be exchanged for another expression: no names of properties, no parts of patterns but
 * their defaults, no sources of imports, and nothing in the middle of an optional chain, which would lose what its beginning cuts short.
 */
export function childrenOf(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportSpecifier":
      return [];
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return [...(node.computed ? [node.key] : []), ...(node.value ? [node.value] : [])];
    case "ObjectPattern":
      return node.properties.flatMap((property) => (property.type === "Property" ? childrenOf(property) : [property]));
    case "ChainExpression":
      return argumentsIn(node.expression);
    case "ExpressionStatement":
      return "directive" in node && node.directive !== undefined ? [] : [node.expression];
    default:
      return nodesIn(node);
  }
}

/** What an optional chain is given on its way: arguments and computed names. */
function argumentsIn(node: AnyNode): AnyNode[] {
  if (node.type === "CallExpression") return [...argumentsIn(node.callee), ...node.arguments];
  if (node.type === "MemberExpression") return [...argumentsIn(node.object), ...(node.computed ? [node.property] : [])];
  return [];
}

function nodesIn(node: AnyNode): AnyNode[] {
  const values: unknown[] = Object.values(node);
  return values.flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
