import { concatBytes } from "@wanlian/protocol/bytes.js";
import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Config } from "@wanlian/protocol/messages/configuration.js";
import type { Endorsement } from "@wanlian/protocol/messages/proposal.js";
import type { EndorsedAction } from "../ledger/index.js";

/**
 * Who endorsed, by the channel's own certificates. A transaction can carry endorsements that no policy counts, with
 * anybody's name on them; a node that names endorsers names only those who signed.
 */
export class Endorsers {
  readonly #channel: string;
  /** What is to be taken up before somebody is named. */
  #waiting: { readonly configuration: Uint8Array | undefined } | undefined;
  #bundle: Bundle | undefined;

  constructor(channel: string) {
    this.#channel = channel;
  }

  /** Takes up a configuration of the channel (proto common.Config), undefined before block 0; it applies from the next block on. */
  configure(configuration: Uint8Array | undefined): void {
    this.#waiting = { configuration };
  }

  /** Departments whose endorsement is genuine, sorted, each once. */
  async departments({ endorsements, responsePayload }: EndorsedAction): Promise<string[]> {
    const found = await Promise.all(endorsements.map((endorsement) => this.#department(endorsement, responsePayload)));
    return [...new Set(found.filter((department) => department !== undefined))].sort();
  }

  async #department({ endorser, signature }: Endorsement, responsePayload: Uint8Array): Promise<string | undefined> {
    const msps = this.#current()?.msps;
    if (msps === undefined) return undefined;
    try {
      const identity = msps.deserialize(endorser);
      identity.validate();
      const genuine = await identity.verify(concatBytes(responsePayload, endorser), signature);
      return genuine ? identity.mspId : undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #current(): Bundle | undefined {
    if (this.#waiting !== undefined) {
      const { configuration } = this.#waiting;
      this.#bundle = configuration && bundleOf(this.#channel, configuration, this.#bundle);
      this.#waiting = undefined;
    }
    return this.#bundle;
  }
}

/** Undefined for a configuration that this software cannot read: then nobody is named until a better one comes. */
function bundleOf(channel: string, configuration: Uint8Array, before: Bundle | undefined): Bundle | undefined {
  try {
    return new Bundle(channel, Config.decode(configuration), before);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
