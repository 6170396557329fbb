import { LedgerError } from "@wanlian/model/errors.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { Signatories, type Signatory, type StatementKind } from "@wanlian/verify";
import { ExchangeError } from "../core/index.js";

/** Who signs at the door: the channel's MSPs as they are now, and a certificate that has not ended. */
export class Identities {
  readonly #signatories: Signatories;
  readonly #now: () => Date;

  /** @param now the machine's time: a certificate's end counts at the door, as Fabric has it */
  constructor(bundle: () => ChannelBundle, now: () => Date = () => new Date()) {
    this.#signatories = new Signatories(bundle);
    this.#now = now;
  }

  /**
   * @param pem of the signatory's certificate
   * @param signature DER with low S, base64
   * @throws ExchangeError BAD_SIGNATURE with the reason
   */
  async check(
    department: string,
    pem: string,
    kind: StatementKind,
    statement: unknown,
    signature: string,
  ): Promise<Signatory> {
    try {
      const signatory = await this.#signatories.check(department, pem, kind, statement, signature);
      if (signatory.certificate.notAfter < this.#now()) {
        throw refused(`the certificate of ${signatory.officer} of ${department} has expired`);
      }
      return signatory;
    } catch (cause) {
      if (cause instanceof LedgerError) throw refused(cause.message, cause);
      throw cause;
    }
  }
}

function refused(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError("BAD_SIGNATURE", message, { cause });
}
