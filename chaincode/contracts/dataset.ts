import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 数据资源: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "dataset", description: "数据资源 · dataset" })
export class DatasetContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("dataset", endorser);
  }

  @Transaction()
  @Returns("string")
  register(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("dataset", "register", input);
  }

  @Transaction()
  @Returns("string")
  revise(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("dataset", "revise", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("dataset", "withdraw", input);
  }
}
