import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 申请与授权: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "application", description: "申请与授权 · application" })
export class ApplicationContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("application", endorser);
  }

  @Transaction()
  @Returns("string")
  apply(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "apply", input);
  }

  @Transaction()
  @Returns("string")
  claim(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "claim", input);
  }

  @Transaction()
  @Returns("string")
  declareEmergency(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "declareEmergency", input);
  }

  @Transaction()
  @Returns("string")
  supplement(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "supplement", input);
  }

  @Transaction()
  @Returns("string")
  notReceived(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "notReceived", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "withdraw", input);
  }

  @Transaction()
  @Returns("string")
  grant(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "grant", input);
  }

  @Transaction()
  @Returns("string")
  refuse(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "refuse", input);
  }

  @Transaction()
  @Returns("string")
  requestMore(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "requestMore", input);
  }

  @Transaction()
  @Returns("string")
  urge(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "urge", input);
  }

  @Transaction()
  @Returns("string")
  revoke(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "revoke", input);
  }

  @Transaction()
  @Returns("string")
  suspend(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "suspend", input);
  }

  @Transaction()
  @Returns("string")
  resume(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "resume", input);
  }

  @Transaction()
  @Returns("string")
  review(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "review", input);
  }

  @Transaction()
  @Returns("string")
  reportUse(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "reportUse", input);
  }

  @Transaction()
  @Returns("string")
  requestRenewal(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "requestRenewal", input);
  }

  @Transaction()
  @Returns("string")
  renew(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "renew", input);
  }

  @Transaction()
  @Returns("string")
  declineRenewal(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("application", "declineRenewal", input);
  }
}
