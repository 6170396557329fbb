import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** 异议: each method takes `{"case","body","basis"}` as JSON and returns the act. */
@Info({ title: "objection", description: "异议 · objection" })
export class ObjectionContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("objection", endorser);
  }

  @Transaction()
  @Returns("string")
  raise(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "raise", input);
  }

  @Transaction()
  @Returns("string")
  withdraw(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "withdraw", input);
  }

  @Transaction()
  @Returns("string")
  confirm(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "confirm", input);
  }

  @Transaction()
  @Returns("string")
  dispute(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "dispute", input);
  }

  @Transaction()
  @Returns("string")
  notReceived(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "notReceived", input);
  }

  @Transaction()
  @Returns("string")
  accept(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "accept", input);
  }

  @Transaction()
  @Returns("string")
  extend(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "extend", input);
  }

  @Transaction()
  @Returns("string")
  conclude(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "conclude", input);
  }

  @Transaction()
  @Returns("string")
  correct(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "correct", input);
  }

  @Transaction()
  @Returns("string")
  settle(ctx: LedgerContext, input: string): Promise<string> {
    return ctx.act("objection", "settle", input);
  }
}
