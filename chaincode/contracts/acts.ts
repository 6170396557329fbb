import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Act, CaseRef } from "@wanlian/model/kernel/act.js";
import { CASE_PATTERN, caseName, encodeActKey, NOUN_PATTERN } from "@wanlian/model/kernel/key.js";
import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** Acts in one answer; of the largest, that is 6 MiB. */
const MAX_PAGE = 100;

/** What is on the ledger as it stands, void acts included: which of them count, only a fold can say. */
@Info({ title: "acts", description: "查询 · queries" })
export class ActsContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("acts", endorser);
  }

  /** One act. @returns it as canonical JSON */
  @Transaction(false)
  @Returns("string")
  async act(ctx: LedgerContext, noun: string, id: string, number: string): Promise<string> {
    const ref = { ...caseOf(noun, id), number: wholeNumber(number) };
    const act = await ctx.find(ref);
    if (!act) throw new LedgerError("NOT_FOUND", `${caseName(ref)} has no act ${ref.number}`);
    return canonicalJson(act);
  }

  /** A case's last act before the first number that is free. @returns `{"act":…|null,"next":…}` */
  @Transaction(false)
  @Returns("string")
  async head(ctx: LedgerContext, noun: string, id: string): Promise<string> {
    const ref = caseOf(noun, id);
    const has = async (number: number) => (await ctx.stub.getState(encodeActKey({ ...ref, number }))).length > 0;
    let beyond = 1;
    while (await has(beyond)) beyond *= 2;
    let last = Math.floor(beyond / 2); // written, or 0; what lies from here to `beyond` is halved
    while (beyond - last > 1) {
      const middle = Math.floor((last + beyond) / 2);
      if (await has(middle)) last = middle;
      else beyond = middle;
    }
    const act = last === 0 ? null : await ctx.find({ ...ref, number: last });
    return canonicalJson({ act: act ?? null, next: beyond });
  }

  /** A case's acts from a number on, at most `size`. @returns `{"acts":[…],"next":…|null}` */
  @Transaction(false)
  @Returns("string")
  async page(ctx: LedgerContext, noun: string, id: string, from: string, size: string): Promise<string> {
    const ref = caseOf(noun, id);
    const first = wholeNumber(from);
    const limit = Math.min(wholeNumber(size), MAX_PAGE);
    const acts: Act[] = [];
    // Key by key: numbers follow each other, and the shim knows no range of composite keys that begins in their midst.
    for (let number = first; number < first + limit; number += 1) {
      const act = await ctx.find({ ...ref, number });
      if (!act) return canonicalJson({ acts, next: null });
      acts.push(act);
    }
    return canonicalJson({ acts, next: first + limit });
  }
}

function caseOf(noun: string, id: string): CaseRef {
  if (!NOUN_PATTERN.test(noun)) throw new LedgerError("INVALID_INPUT", `"${noun}" can be no noun`);
  if (!CASE_PATTERN.test(id)) throw new LedgerError("INVALID_INPUT", "that can be no case's id");
  return { noun, case: id };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new LedgerError("INVALID_INPUT", `"${text}" is no whole number from 1`);
  return Number(text);
}
