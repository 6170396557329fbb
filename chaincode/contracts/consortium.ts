import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 联盟: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "consortium", description: "联盟 · consortium" })
export class ConsortiumContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("consortium", endorser);
  }

  @Transaction()
  @Returns("string")
  propose(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("consortium", "propose", input);
  }

  @Transaction()
  @Returns("string")
  vote(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("consortium", "vote", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("consortium", "withdraw", input);
  }

  @Transaction()
  @Returns("string")
  leave(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("consortium", "leave", input);
  }
}
