import { LedgerError } from "@wanlian/model/errors.js";
import { readOfficer } from "@wanlian/model/identity/officer.js";
import type { Actor } from "@wanlian/model/kernel/act.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { readSignature, type StatementKind, statementBytes } from "./statement.js";

/** Certificates remembered, since officers act again and again. */
const MAX_REMEMBERED = 2_000;

/** Somebody whose certificate the channel's configuration vouches for. */
export interface Signatory extends Actor {
  readonly certificate: Certificate;
}

/** Checks signatures outside the ledger by the rules of the ledger: the channel's MSPs, revocation included. */
export class Signatories {
  readonly #bundle: () => ChannelBundle;
  readonly #actors = new Map<string, Actor>();

  constructor(bundle: () => ChannelBundle) {
    this.#bundle = bundle;
  }

  /**
   * @param pem of the signatory's certificate
   * @param signature DER with low S, base64, in their one strict form
   * @throws LedgerError BAD_SIGNATURE with the reason
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
    if (bytes === undefined) throw refused(`the signature on the ${kind} is not in its one form`);
    if (!(await signatory.identity.verify(statementBytes(kind, statement), bytes))) {
      throw refused(`the signature on the ${kind} is not that of ${signatory.officer} of ${department}`);
    }
    return signatory;
  }

  /** @throws LedgerError BAD_SIGNATURE: no officer of the department's, by the channel's configuration */
  signatory(department: string, pem: string): Signatory & { readonly identity: Identity } {
    const idBytes = Buffer.from(pem, "utf8");
    const actor = this.#actor(department, pem, idBytes);
    const identity = this.#identity(SerializedIdentity.encode({ mspid: department, idBytes }));
    return { ...actor, certificate: identity.certificate, identity };
  }

  #actor(department: string, pem: string, idBytes: Uint8Array): Actor {
    const name = `${department}\n${pem}`;
    const known = this.#actors.get(name);
    if (known !== undefined) return known;
    const actor = attempt(() => readOfficer(department, idBytes));
    if (this.#actors.size >= MAX_REMEMBERED) this.#actors.clear();
    this.#actors.set(name, actor);
    return actor;
  }

  #identity(serialized: Uint8Array): Identity {
    return attempt(() => {
      const identity = this.#bundle().msps.deserialize(serialized);
      identity.validate();
      return identity;
    });
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ProtocolError || cause instanceof LedgerError) throw refused(cause.message, cause);
    throw cause;
  }
}

function refused(message: string, cause?: unknown): LedgerError {
  return new LedgerError("BAD_SIGNATURE", message, cause === undefined ? {} : { cause });
}
