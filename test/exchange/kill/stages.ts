import type { AccessRequest } from "@wanlian/verify/records/access-request.js";

export type Victim = "provider" | "consumer";
export type Way = AccessRequest["way"];

/** Where a process kills itself: in what it was given from outside, its keys and its ledger. */
export interface Death {
  readonly point: "officer signs" | "asks the ledger" | "node signs" | "node has signed" | "signs a checkpoint";
  /** At the how many-th time from now. */
  readonly time: number;
}

/**
 * Where in the conversation between the two a process is killed: a turn is 1 the request, 2 the answer, 3 the receipt,
 * 4 its acknowledgement, and `portion` how much of the turn's first bytes still passes; or how many bytes of an answer
 * have passed.
 */
export type Stop = { readonly turn: number; readonly portion: number } | { readonly bytes: number };

export interface Stage {
  readonly name: string;
  readonly victim: Victim;
  /** Whether the other side falls with it, as in a power cut. */
  readonly falls: "alone" | "with the other side";
  /** Of which an access has one. */
  readonly ways: readonly Way[];
  readonly end: Death | Stop | "any instant";
}

const ANSWERS = ["lookup", "verification"] as const;
/** Of a look-up's answer of some 200,000, and of a stream of some four million. */
const MIDDLE = { lookup: { bytes: 100_000 }, stream: { bytes: 1_000_000 } };

const at = (point: Death["point"], time = 1): Death => ({ point, time });
const answer = (victim: Victim, name: string, end: Stage["end"], ways: Stage["ways"] = ANSWERS): Stage => ({
  ...{ name, victim, ways, end, falls: "alone" },
});
const both = (stage: Stage): Stage => ({
  ...stage,
  name: `${stage.name}, and the other side`,
  falls: "with the other side",
});
const stream = (victim: Victim, name: string, end: Stage["end"]): Stage =>
  answer(victim, `stream: ${name}`, end, ["download"]);
const anyInstant = (victim: Victim): Stage => answer(victim, "any instant", "any instant", [...ANSWERS, "download"]);

export const STAGES: readonly Stage[] = [
  answer("provider", "request half come in", { turn: 1, portion: 0.5 }),
  answer("provider", "request come in, nothing decided", at("asks the ledger")),
  answer("provider", "decided, record not signed", at("node signs")),
  answer("provider", "record signed, not in the log", at("node has signed")),
  answer("provider", "record in the log, not sent", { turn: 2, portion: 0 }),
  answer("provider", "long answer half sent", MIDDLE.lookup, ["lookup"]),
  answer("provider", "receipt half come in", { turn: 3, portion: 0.5 }),
  answer("provider", "receipt taken, not acknowledged", { turn: 4, portion: 0 }),
  answer("provider", "checkpoint not signed", at("signs a checkpoint")),
  stream("provider", "opening signed, not in the log", at("node has signed")),
  stream("provider", "opening in the log, not sent", { turn: 2, portion: 0 }),
  stream("provider", "in its middle", MIDDLE.stream),
  stream("provider", "closing not signed", at("node signs", 2)),
  stream("provider", "closing signed, not in the log", at("node has signed", 2)),
  anyInstant("provider"),
  answer("consumer", "request not signed", at("officer signs")),
  answer("consumer", "request half sent", { turn: 1, portion: 0.5 }),
  answer("consumer", "request sent, no answer yet", { turn: 2, portion: 0 }),
  answer("consumer", "long answer half come in", MIDDLE.lookup, ["lookup"]),
  answer("consumer", "record come in, not in the log", at("asks the ledger")),
  answer("consumer", "record in the log, not countersigned", at("node signs")),
  answer("consumer", "countersigned, receipt not kept", at("node has signed")),
  answer("consumer", "receipt not sent", { turn: 3, portion: 0 }),
  answer("consumer", "receipt delivered, not acknowledged", { turn: 4, portion: 0 }),
  answer("consumer", "checkpoint not signed", at("signs a checkpoint")),
  stream("consumer", "opening in the log, not countersigned", at("node signs")),
  stream("consumer", "in its middle", MIDDLE.stream),
  stream("consumer", "closing come in, not in the log", at("asks the ledger", 2)),
  stream("consumer", "closing in the log, not countersigned", at("node signs", 2)),
  anyInstant("consumer"),
  both(answer("provider", "record in the log, not sent", { turn: 2, portion: 0 })),
  both(answer("consumer", "record come in, not in the log", at("asks the ledger"))),
  both(answer("consumer", "countersigned, receipt not kept", at("node has signed"))),
  both(answer("provider", "receipt taken, not acknowledged", { turn: 4, portion: 0 })),
  both(stream("provider", "in its middle", MIDDLE.stream)),
  both(anyInstant("provider")),
];
