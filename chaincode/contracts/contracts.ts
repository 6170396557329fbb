import type { Endorser } from "../endorser.js";
import { ActsContract } from "./acts.js";
import { commandContracts } from "./commands.js";
import type { NounContract } from "./noun-contract.js";

/**
 * The chaincode: a contract for each noun and one for queries, bound to an endorser. The framework makes its instances
 * without arguments; it finds the methods by metadata, which subclasses inherit, and the description by the class's
 * name.
 */
export function contractsFor(endorser: Endorser): (new () => NounContract)[] {
  return [...commandContracts(endorser.models.all), ActsContract].map((Contract) => {
    const Bound = class extends Contract {
      constructor() {
        super(endorser);
      }
    };
    Object.defineProperty(Bound, "name", { value: Contract.name });
    return Bound;
  });
}
