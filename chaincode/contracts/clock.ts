import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 时钟: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "clock", description: "时钟 · clock" })
export class ClockContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("clock", endorser);
  }

  @Transaction()
  @Returns("string")
  tick(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("clock", "tick", input);
  }
}
