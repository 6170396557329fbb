import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 需求: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "demand", description: "需求 · demand" })
export class DemandContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("demand", endorser);
  }

  @Transaction()
  @Returns("string")
  publish(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("demand", "publish", input);
  }

  @Transaction()
  @Returns("string")
  match(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("demand", "match", input);
  }

  @Transaction()
  @Returns("string")
  decline(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("demand", "decline", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("demand", "withdraw", input);
  }
}
