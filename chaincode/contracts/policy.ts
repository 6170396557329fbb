import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 政策: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "policy", description: "政策 · policy" })
export class PolicyContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("policy", endorser);
  }

  @Transaction()
  @Returns("string")
  open(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("policy", "open", input);
  }

  @Transaction()
  @Returns("string")
  amend(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("policy", "amend", input);
  }
}
