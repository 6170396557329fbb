import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 建议: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "suggestion", description: "建议 · suggestion" })
export class SuggestionContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("suggestion", endorser);
  }

  @Transaction()
  @Returns("string")
  make(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("suggestion", "make", input);
  }

  @Transaction()
  @Returns("string")
  answer(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("suggestion", "answer", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("suggestion", "withdraw", input);
  }
}
