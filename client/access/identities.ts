import type { Actor } from "@wanlian/model/kernel/act.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { ExchangeError } from "../core/index.js";
import { actorOf } from "../ledger/index.js";
import { readSignature, type StatementKind, statementBytes } from "./statement.js";

/** Somebody whose certificate the channel's configuration vouches for. */
export interface Signatory extends Actor {
  readonly certificate: Certificate;
}

/** Checks signatures outside the ledger by the rules of the ledger: the channel's MSPs, revocation included. */
export class Identities {
  readonly #bundle: () => ChannelBundle;
  readonly #now: () => Date;

  /** @param now the machine's time: a certificate's end counts at the door, as Fabric has it */
  constructor(bundle: () => ChannelBundle, now: () => Date = () => new Date()) {
    this.#bundle = bundle;
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
    const signatory = this.signatory(department, pem);
    const bytes = readSignature(signature);
    if (bytes === undefined || !(await signatory.identity.verify(statementBytes(kind, statement), bytes))) {
      throw refused(`the signature on the ${kind} is not that of ${signatory.officer} of ${department}`);
    }
    return signatory;
  }

  /** @throws ExchangeError BAD_SIGNATURE: no officer of the department's, by the channel's configuration */
  signatory(department: string, pem: string): Signatory & { readonly identity: Identity } {
    const serialized = SerializedIdentity.encode({ mspid: department, idBytes: Buffer.from(pem, "utf8") });
    const actor = actorOf(serialized);
    if (actor === undefined) throw refused(`the certificate is no officer's of ${department}`);
    const identity = this.#identity(serialized);
    if (identity.expiresAt < this.#now()) {
      throw refused(`the certificate of ${actor.officer} of ${department} has expired`);
    }
    return { ...actor, certificate: identity.certificate, identity };
  }

  #identity(serialized: Uint8Array): Identity {
    try {
      const identity = this.#bundle().msps.deserialize(serialized);
      identity.validate();
      return identity;
    } catch (cause) {
      if (cause instanceof ProtocolError) throw new ExchangeError("BAD_SIGNATURE", cause.message, {}, cause);
      throw cause;
    }
  }
}

function refused(message: string): ExchangeError {
  return new ExchangeError("BAD_SIGNATURE", message);
}
