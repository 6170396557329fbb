import { strictText } from "@wanlian/protocol/bytes.js";
import { isNode, LineCounter, parseDocument } from "yaml";
import { QualityError } from "../../core/index.js";

/** 500 rules with their messages take some 200 KB. */
const MAX_RULE_BYTES = 1024 * 1024;

/** A YAML file as it was read. */
export interface ReadYaml {
  readonly value: unknown;
  /** `line 7: ` of the innermost thing at a place that stands in the file. */
  lineOf(path: readonly (string | number)[]): string;
}

/**
 * Reads YAML 1.2 (of which JSON is a part) in UTF-8. No anchors, no doubled members.
 * @throws QualityError RULES_MALFORMED
 */
export function readYaml(bytes: Uint8Array): ReadYaml {
  if (bytes.length > MAX_RULE_BYTES) throw malformed(`more than ${MAX_RULE_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(utf8(bytes), { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw malformed(error.message.split("\n", 1)[0] ?? "no YAML", error);
  return {
    value: plainValue(() => document.toJS({ maxAliasCount: 0 })),
    lineOf(path) {
      for (let depth = path.length; depth > 0; depth -= 1) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}: `;
      }
      return "";
    },
  };
}

function utf8(bytes: Uint8Array): string {
  const text = strictText(bytes);
  if (text === undefined) throw malformed("the file is not UTF-8; save it as UTF-8");
  return text;
}

/** Rules need no anchors, and a few nested ones make gigabytes. */
function plainValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    throw malformed("anchors and aliases are not read", cause);
  }
}

export const malformed = (what: string, cause?: unknown): QualityError =>
  new QualityError("RULES_MALFORMED", `the rules cannot be read: ${what}`, { cause });
