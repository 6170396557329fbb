import { formatLedgerError, LedgerError } from "@wanlian/model/errors.js";
import { Contract } from "../contract-api.js";
import { Endorser } from "../endorser.js";
import { LedgerContext } from "../ledger-context.js";

/**
 * What all contracts share. Each has a method of its own for every command of its noun: fabric-contract-api offers
 * only those, and the metadata names them.
 */
export abstract class NounContract extends Contract {
  readonly endorser: Endorser;

  constructor(name: string, endorser: Endorser = Endorser.fromEnvironment()) {
    super(name);
    this.endorser = endorser;
  }

  override createContext(): LedgerContext {
    return new LedgerContext(this.endorser);
  }

  /** Lets a refusal cross the gateway, which carries nothing but the message of an error. */
  override async aroundTransaction(ctx: LedgerContext, method: () => unknown, parameters: unknown): Promise<void> {
    try {
      // The base class declares void and returns the method's result, which becomes the response.
      return await super.aroundTransaction(ctx, method, parameters);
    } catch (error) {
      if (error instanceof LedgerError) throw new Error(formatLedgerError(error), { cause: error });
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${JSON.stringify({ level: "error", transaction: ctx.transaction, detail })}\n`);
      const fault = new LedgerError("INTERNAL", "the contract failed; its log says why", { cause: error });
      throw new Error(formatLedgerError(fault), { cause: error });
    }
  }
}
