import { malformed, readYaml } from "../yaml.js";
import { gatherContract } from "./data-contract.js";
import { type ForeignRules, isMembers, listOf, textOf } from "./foreign-rules.js";
import { gatherExpectations } from "./great-expectations.js";

export interface ForeignOptions {
  /** The columns that name a row; left out: the contract's primary key. */
  readonly key?: readonly string[] | undefined;
  /** The contract's table, where it has several. */
  readonly table?: string | undefined;
}

/**
 * Rules of ours from an Open Data Contract (its quality sections) or a suite of Great Expectations, and what in them has no
 * counterpart here. Nothing is left out in silence.
 * @throws QualityError RULES_MALFORMED
 */
export function readForeignRules(bytes: Uint8Array, { key, table }: ForeignOptions = {}): ForeignRules {
  const { value } = readYaml(bytes);
  if (isMembers(value) && Array.isArray(value.expectations)) {
    if (key === undefined) throw malformed("a suite of expectations does not say what names a row: give --key");
    const name = textOf(value.name) ?? textOf(value.expectation_suite_name) ?? "";
    return gatherExpectations(value).finish(name, key);
  }
  if (isMembers(value) && value.kind === "DataContract") {
    if (listOf(value.schema).length === 0) throw malformed("the contract has no schema");
    const { gathering, key: primary } = gatherContract(value, table);
    const names = key ?? primary;
    if (names.length === 0) throw malformed("the contract has no primary key: give --key");
    return gathering.finish(textOf(value.name) ?? textOf(value.id) ?? "", names);
  }
  throw malformed('neither an Open Data Contract ("kind: DataContract") nor a suite of expectations');
}
