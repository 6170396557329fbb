import type { Instant, OfficerNumber } from "@wanlian/model/identifiers.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { KeyError, type NodeServices } from "../core/index.js";
import type { FollowedCase } from "../read/index.js";

/** Of the channel's configuration, the departments' authorities and what they have revoked. */
type Configured = Pick<ChannelBundle, "msps">;

/** Whether an officer belongs to an operator company that works for the department no more. */
export type Dismissed = (officer: string) => boolean;

/**
 * Whether the channel takes officers' certificates, by its configuration in force: as peers do, revocations included; and
 * whether the department still has them work for it.
 */
export class OfficerStanding {
  readonly #department: string;
  readonly #bundle: () => Configured | undefined;
  /** By configuration, since an officer who is logged in is asked for at every request. */
  readonly #known = new WeakMap<Configured, Map<string, KeyError | undefined>>();

  readonly #dismissed: Dismissed;

  /** @param bundle undefined before the channel's first block is here: then nobody is refused */
  constructor(department: string, bundle: () => Configured | undefined, dismissed: Dismissed = () => false) {
    this.#department = department;
    this.#bundle = bundle;
    this.#dismissed = dismissed;
  }

  /** CERTIFICATE_REFUSED with the channel's reason, OFFICER_DISMISSED, or undefined. */
  refusal({ officer, pem }: { readonly officer: string; readonly pem: string }): KeyError | undefined {
    const bundle = this.#bundle();
    if (bundle === undefined) return undefined;
    const known = this.#known.get(bundle) ?? new Map<string, KeyError | undefined>();
    this.#known.set(bundle, known);
    if (!known.has(pem)) known.set(pem, this.#judge(bundle, officer, pem));
    return known.get(pem) ?? this.#ofCompany(officer);
  }

  #ofCompany(officer: string): KeyError | undefined {
    if (!this.#dismissed(officer)) return undefined;
    const message = `Officer ${officer} belongs to an operator company that does not work for ${this.#department} today.`;
    return new KeyError("OFFICER_DISMISSED", message);
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

/** By the department's own member case and the ledger's time; before these are here nobody is dismissed. */
export function dismissedBy(
  node: Pick<NodeServices, "now" | "model">,
  membership: Pick<FollowedCase, "state">,
): Dismissed {
  return (officer) => {
    const time = node.now() as Instant | undefined;
    const { state } = membership;
    if (state === undefined || time === undefined) return false;
    return node.model().reading.isDismissed?.(state, officer as OfficerNumber, time) ?? false;
  };
}
