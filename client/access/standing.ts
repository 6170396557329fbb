import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { KeyError } from "../core/index.js";

/** Of the channel's configuration, the departments' authorities and what they have revoked. */
type Configured = Pick<ChannelBundle, "msps">;

/** Whether the channel takes officers' certificates, by its configuration in force: as peers do, revocations included. */
export class OfficerStanding {
  readonly #department: string;
  readonly #bundle: () => Configured | undefined;
  /** By configuration, since an officer who is logged in is asked for at every request. */
  readonly #known = new WeakMap<Configured, Map<string, KeyError | undefined>>();

  /** @param bundle undefined before the channel's first block is here: then nobody is refused */
  constructor(department: string, bundle: () => Configured | undefined) {
    this.#department = department;
    this.#bundle = bundle;
  }

  /** CERTIFICATE_REFUSED with the channel's reason, or undefined. */
  refusal({ officer, pem }: { readonly officer: string; readonly pem: string }): KeyError | undefined {
    const bundle = this.#bundle();
    if (bundle === undefined) return undefined;
    const known = this.#known.get(bundle) ?? new Map<string, KeyError | undefined>();
    this.#known.set(bundle, known);
    if (!known.has(pem)) known.set(pem, this.#judge(bundle, officer, pem));
    return known.get(pem);
  }

  #judge({ msps }: Configured, officer: string, pem: string): KeyError | undefined {
    try {
      msps.deserialize(SerializedIdentity.encode({ mspid: this.#department, idBytes: Buffer.from(pem) })).validate();
      return undefined;
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      const message = `The channel does not take the certificate of officer ${officer}: ${cause.message}.`;
      return new KeyError("CERTIFICATE_REFUSED", message, { cause });
    }
  }
}
