import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { Info, Param, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import type { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

export type ContractClass = new (endorser?: Endorser) => NounContract;

/**
 * A contract for each noun, with a transaction for each row of its table: `dataset:register` and so on, each taking
 * `{"case","body","basis"}` as JSON and returning the act. They hold the rows of all versions; which of them there
 * are on the channel now, the version in force says.
 */
export function commandContracts(models: readonly Model[]): ContractClass[] {
  const nouns = new Map<string, { readonly latest: NounDefinition; readonly types: ReadonlySet<string> }>();
  for (const noun of models.flatMap((model) => Object.values(model.nouns))) {
    const types = new Set([...(nouns.get(noun.name)?.types ?? []), ...Object.keys(noun.commands)]);
    nouns.set(noun.name, { latest: noun, types });
  }
  return [...nouns.values()].map(({ latest, types }) => commandContract(latest, types));
}

/** What a class written by hand would be, with the decorators of fabric-contract-api applied to every method. */
function commandContract({ name, title }: NounDefinition, types: ReadonlySet<string>): ContractClass {
  class CommandContract extends NounContract {
    constructor(endorser?: Endorser) {
      super(name, endorser);
    }
  }
  // The framework keeps descriptions by the class's name.
  const className = `${name.charAt(0).toUpperCase()}${name.slice(1)}Contract`;
  Object.defineProperty(CommandContract, "name", { value: className });
  Info({ title: name, description: `${title.zh} · ${title.en}` })(CommandContract);
  for (const type of types) {
    const method = (ctx: LedgerContext, input: string): Promise<string> => ctx.act(name, type, input);
    Object.defineProperty(CommandContract.prototype, type, { value: method });
    Transaction()(CommandContract.prototype, type);
    Param("input", "string")(CommandContract.prototype, type);
    Returns("string")(CommandContract.prototype, type);
  }
  return CommandContract;
}
