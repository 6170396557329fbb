import { canonicalJson, parseCanonical } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { CASE_PATTERN, caseName, NOUN_PATTERN } from "@wanlian/model/kernel/key.js";
import { Info, Returns, Transaction } from "../contract-api.js";
import type { Endorser } from "../endorser.js";
import { LedgerContext, type Written } from "../ledger-context.js";
import { NounContract } from "./noun-contract.js";

/** Acts in one answer; of the largest, that is 6 MiB. */
const MAX_PAGE = 100;

/** What is on the ledger as it stands, void acts included: which of them count, only a fold can say. */
@Info({ title: "acts", description: "查询 · queries" })
export class ActsContract extends NounContract {
  constructor(endorser?: Endorser) {
    super("acts", endorser);
  }

  /**
   * What is written under a number: at most one act that counts, and whatever void ones.
   * @returns `[{"transaction","act"}]` as canonical JSON; `act` is null where the value cannot be read
   */
  @Transaction(false)
  @Returns("string")
  async act(ctx: LedgerContext, noun: string, id: string, number: string): Promise<string> {
    const ref = { ...caseOf(noun, id), number: wholeNumber(number) };
    const written = await ctx.under(ref);
    if (written.length === 0) throw new LedgerError("NOT_FOUND", `${caseName(ref)} has no act ${ref.number}`);
    return canonicalJson(written.map(show));
  }

  /** What is written under a case's last number, and the first that is free. @returns `{"acts":[…],"next":…}` */
  @Transaction(false)
  @Returns("string")
  async head(ctx: LedgerContext, noun: string, id: string): Promise<string> {
    const ref = caseOf(noun, id);
    const has = async (number: number) => (await ctx.under({ ...ref, number })).length > 0;
    let beyond = 1;
    while (await has(beyond)) beyond *= 2;
    let last = Math.floor(beyond / 2); // written, or 0; what lies from here to `beyond` is halved
    while (beyond - last > 1) {
      const middle = Math.floor((last + beyond) / 2);
      if (await has(middle)) last = middle;
      else beyond = middle;
    }
    const written = last === 0 ? [] : await ctx.under({ ...ref, number: last });
    return canonicalJson({ acts: written.map(show), next: beyond });
  }

  /** What is written under a case's numbers from one on, at most `size` of them. @returns `{"acts":[…],"next":…|null}` */
  @Transaction(false)
  @Returns("string")
  async page(ctx: LedgerContext, noun: string, id: string, from: string, size: string): Promise<string> {
    const ref = caseOf(noun, id);
    const first = wholeNumber(from);
    const limit = Math.min(wholeNumber(size), MAX_PAGE);
    const acts: Shown[] = [];
    // Number by number: they follow each other, and the shim knows no range of composite keys that begins in their midst.
    for (let number = first; number < first + limit; number += 1) {
      const written = await ctx.under({ ...ref, number });
      if (written.length === 0) return canonicalJson({ acts, next: null });
      acts.push(...written.map(show));
    }
    return canonicalJson({ acts, next: first + limit });
  }
}

interface Shown {
  readonly transaction: string;
  readonly act: unknown;
}

function show({ key, value }: Written): Shown {
  return { transaction: key.split("\u0000").at(-2) ?? "", act: parseCanonical(value) ?? null };
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
