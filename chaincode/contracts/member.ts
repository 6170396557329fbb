import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 成员: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "member", description: "成员 · member" })
export class MemberContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("member", endorser);
  }

  @Transaction()
  @Returns("string")
  join(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("member", "join", input);
  }

  @Transaction()
  @Returns("string")
  update(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("member", "update", input);
  }

  @Transaction()
  @Returns("string")
  engage(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("member", "engage", input);
  }

  @Transaction()
  @Returns("string")
  dismiss(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("member", "dismiss", input);
  }

  @Transaction()
  @Returns("string")
  depart(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("member", "depart", input);
  }
}
