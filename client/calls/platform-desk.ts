import { createHash, timingSafeEqual } from "node:crypto";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { CallDetails, CallFacts } from "../access/index.js";
import { CallFault } from "./call-fault.js";
import { MAX_RECORD_BYTES, rawOfJson } from "./forms.js";
import type { CallIntake, Incoming, TakenCalls } from "./intake.js";
import type { CallReader } from "./mapping.js";

/** Records in one push. */
export const MOST_PUSHED = 1000;

/** Where a platform brings its calls, and a department's officers what was handed over. */
export class PlatformDesk {
  readonly #intake: Pick<CallIntake, "take">;
  readonly #reader: CallReader | undefined;
  readonly #secret: string | undefined;

  /** @param reader undefined where the node is told of no platform @param secret that a platform pushes with */
  constructor(intake: Pick<CallIntake, "take">, reader: CallReader | undefined, secret: string | undefined) {
    this.#intake = intake;
    this.#reader = reader;
    this.#secret = secret;
  }

  /** Whether somebody is the platform. Takes as long whatever is wrong. */
  isPlatform(secret: string): boolean {
    if (this.#secret === undefined || this.#reader === undefined) return false;
    const [given, known] = [secret, this.#secret].map((text) => createHash("sha256").update(text).digest());
    return timingSafeEqual(given as Buffer, known as Buffer);
  }

  /** Each record by itself: one that is wrong does not keep the others out. @throws LogError */
  async push(records: readonly unknown[]): Promise<TakenCalls> {
    const reader = this.#reader;
    if (reader === undefined) throw new RangeError("nobody but the platform pushes");
    return await this.#intake.take(records.map((record, at) => incomingOf(reader, record, `push ${at + 1}`)));
  }

  /** What an officer says of a file that was handed over. @throws LogError */
  async handOver(officer: string, facts: CallFacts, details: CallDetails): Promise<TakenCalls> {
    const digest = createHash("sha256").update(canonicalBytes({ facts, details })).digest("hex") as Digest;
    return await this.#intake.take([{ source: `officer ${officer}`, digest, facts, details }]);
  }
}

function incomingOf(reader: CallReader, record: unknown, source: string): Incoming {
  const text = JSON.stringify(record);
  const digest = createHash("sha256").update(text).digest("hex") as Digest;
  try {
    if (Buffer.byteLength(text) > MAX_RECORD_BYTES) {
      throw new CallFault("TOO_LONG", `a record has at most ${MAX_RECORD_BYTES} bytes`);
    }
    const { facts, details } = reader.read(rawOfJson(record));
    return { source, digest, facts, details };
  } catch (fault) {
    if (!(fault instanceof CallFault)) throw fault;
    return { source, digest, fault };
  }
}
