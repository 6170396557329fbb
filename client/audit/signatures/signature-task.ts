import { type SignatureKey, verifiesHere } from "@wanlian/protocol/identities/signature-key.js";

/** A signature as it is claimed to be. */
export interface SignatureClaim {
  readonly key: SignatureKey;
  /** Parts, one after another: put together where they are verified. */
  readonly signed: readonly Uint8Array[];
  /** As the key's algorithm has it: DER with low S for ECDSA. */
  readonly signature: Uint8Array;
}

/** Signatures to be verified together, as they go to another thread. */
export interface SignatureTask {
  /** Keys that the thread was not given before, and the number of the first: it forgets what it has from there on. */
  readonly keys: readonly SignatureKey[];
  readonly firstKey: number;
  /** Three numbers a claim: its key's, and how many bytes what was signed and the signature have. */
  readonly claims: Uint32Array<ArrayBuffer>;
  /** What was signed and the signature, one claim after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Numbers of a claim in a task. */
const CLAIM_NUMBERS = 3;
/** Keys that a thread has: a city's officers and nodes over years. */
const MAX_KEYS = 20_000;

/** @param known numbers of the keys that the thread has; those of new keys are added */
export function taskOf(claims: readonly SignatureClaim[], known: Map<SignatureKey, number>): SignatureTask {
  if (known.size >= MAX_KEYS) known.clear();
  const firstKey = known.size;
  const keys: SignatureKey[] = [];
  const numbers = new Uint32Array(CLAIM_NUMBERS * claims.length);
  const bytes = new Uint8Array(claims.reduce((sum, claim) => sum + lengthOf(claim.signed) + claim.signature.length, 0));
  let at = 0;
  let next = 0;
  for (const { key, signed, signature } of claims) {
    let number = known.get(key);
    if (number === undefined) {
      number = known.size;
      known.set(key, number);
      keys.push(key);
    }
    numbers[next] = number;
    numbers[next + 1] = lengthOf(signed);
    numbers[next + 2] = signature.length;
    next += CLAIM_NUMBERS;
    for (const part of [...signed, signature]) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return { keys, firstKey, claims: numbers, bytes };
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

/** One byte a claim: 1 where the signature is right. @param known the thread's keys, by number */
export function verdictsOf(task: SignatureTask, known: SignatureKey[]): Uint8Array<ArrayBuffer> {
  known.splice(task.firstKey, known.length, ...task.keys);
  const verdicts = new Uint8Array(task.claims.length / CLAIM_NUMBERS);
  let at = 0;
  for (let index = 0; index < verdicts.length; index += 1) {
    const [number = 0, signed = 0, signature = 0] = task.claims.subarray(CLAIM_NUMBERS * index);
    const end = at + signed + signature;
    const data = task.bytes.subarray(at, at + signed);
    const key = known[number] as SignatureKey;
    verdicts[index] = verifiesHere(key, data, task.bytes.subarray(at + signed, end)) ? 1 : 0;
    at = end;
  }
  return verdicts;
}
