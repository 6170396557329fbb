import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 访问日志: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "log", description: "访问日志 · log" })
export class LogContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("log", endorser);
  }

  @Transaction()
  @Returns("string")
  open(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("log", "open", input);
  }

  @Transaction()
  @Returns("string")
  rotate(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("log", "rotate", input);
  }

  @Transaction()
  @Returns("string")
  anchor(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("log", "anchor", input);
  }
}
