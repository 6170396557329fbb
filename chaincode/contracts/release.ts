import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 数据批次: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "release", description: "数据批次 · release" })
export class ReleaseContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("release", endorser);
  }

  @Transaction()
  @Returns("string")
  register(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("release", "register", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("release", "withdraw", input);
  }
}
