import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 授权委托: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "mandate", description: "授权委托 · mandate" })
export class MandateContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("mandate", endorser);
  }

  @Transaction()
  @Returns("string")
  appoint(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("mandate", "appoint", input);
  }

  @Transaction()
  @Returns("string")
  delegate(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("mandate", "delegate", input);
  }

  @Transaction()
  @Returns("string")
  revoke(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("mandate", "revoke", input);
  }
}
