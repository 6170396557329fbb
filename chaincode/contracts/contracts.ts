import type { Endorser } from "../endorser.js";
import { ActsContract } from "./acts.js";
import { ApplicationContract } from "./application.js";
import { ClockContract } from "./clock.js";
import { ConsortiumContract } from "./consortium.js";
import { DatasetContract } from "./dataset.js";
import { DemandContract } from "./demand.js";
import { LogContract } from "./log.js";
import { MandateContract } from "./mandate.js";
import { MemberContract } from "./member.js";
import type { NounContract } from "./noun-contract.js";
import { ObjectionContract } from "./objection.js";
import { PolicyContract } from "./policy.js";
import { ReleaseContract } from "./release.js";
import { SuggestionContract } from "./suggestion.js";

export type ContractClass = new (endorser?: Endorser) => NounContract;

/** The chaincode: a contract for each noun, and one for queries. */
export const CONTRACTS: readonly ContractClass[] = [
  PolicyContract,
  ClockContract,
  ConsortiumContract,
  MemberContract,
  MandateContract,
  DatasetContract,
  ReleaseContract,
  DemandContract,
  ApplicationContract,
  ObjectionContract,
  SuggestionContract,
  LogContract,
  ActsContract,
];

/**
 * The contracts bound to an endorser. The framework makes its instances without arguments; it finds the methods by
 * metadata, which subclasses inherit, and the description by the class's name.
 */
export function contractsFor(endorser: Endorser): (new () => NounContract)[] {
  return CONTRACTS.map((Contract) => {
    const Bound = class extends Contract {
      constructor() {
        super(endorser);
      }
    };
    Object.defineProperty(Bound, "name", { value: Contract.name });
    return Bound;
  });
}
