import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { Actor, CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn, type Head, type Heads } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import { withoutRecent } from "@wanlian/model/kernel/pace.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { policyAt } from "@wanlian/model/model-1/policy/policy-in-force.js";
import type { PolicyState } from "@wanlian/model/model-1/policy/policy-schema.js";
import { RELEASED } from "@wanlian/model/models.js";

/** A time at which things are done, with all cases but the one that is searched. */
export interface Stage {
  readonly time: Instant;
  readonly heads: Heads;
}

/** What somebody may try at a state. */
export interface Attempt {
  /** Who does it, as the test names it. */
  readonly who: string;
  readonly actor: Actor;
  readonly type: string;
  readonly body: object;
  /** That it starts nothing that others would have to meet, though its type could. */
  readonly closes?: true;
}

export interface Node<S extends CaseState> {
  readonly state: S;
  readonly stage: number;
  /** How it was reached, for messages. */
  readonly path: readonly string[];
}

interface Edge {
  readonly who: string;
  readonly from: number;
  readonly to: number;
}

export interface Graph<S extends CaseState> {
  readonly nodes: readonly Node<S>[];
  readonly edges: readonly Edge[];
  /** Commands that changed a state somewhere. */
  readonly taken: ReadonlySet<string>;
  /** The number of the last stage. */
  readonly last: number;
}

export interface Search<S extends CaseState> {
  /** The version of the rules; the first where nothing is said. */
  readonly model?: Model;
  readonly ref: CaseRef;
  readonly begun: readonly S[];
  readonly stages: readonly Stage[];
  attempts(state: S, stage: Stage): readonly Attempt[];
  /** Types of which the attempts are not all that an officer could say: a page may offer them where each attempt fails. */
  readonly partly?: readonly string[];
  /** What tells states apart: counters may be cut, so that the graph is finite and small. */
  key?(state: S, stage: Stage): unknown;
}

/** Time passing is nobody's act. */
export const TIME = "time";
/** More states than any noun has; a search that finds more has a key that does not cut enough. */
const MAX_NODES = 200_000;
const TRANSACTION = "f".repeat(64) as TransactionId;

/**
 * Every state of a case that the model's own `decide` reaches from the begun ones, by anybody's attempts and by time.
 * The case's acts are always numbered alike, so that paths of different length lead to one state.
 */
export function explore<S extends CaseState>(search: Search<S>): Graph<S> {
  const { ref, stages, model = model1, key = (state: S): unknown => state } = search;
  const nodes: Node<S>[] = [];
  const edges: Edge[] = [];
  const taken = new Set<string>();
  const known = new Map<string, number>();
  const reach = (node: Node<S>): number => {
    const name = `${node.stage} ${canonicalJson(key(node.state, stages[node.stage] as Stage))}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    if (nodes.length >= MAX_NODES) throw new Error("the graph does not come to an end");
    known.set(name, nodes.length);
    return nodes.push(node) - 1;
  };
  for (const state of search.begun) reach({ state, stage: 0, path: [] });
  for (let from = 0; from < nodes.length; from += 1) {
    const { state, stage, path } = nodes[from] as Node<S>;
    const at = stages[stage];
    if (!at) continue;
    if (stage + 1 < stages.length) {
      edges.push({ who: TIME, from, to: reach({ state, stage: stage + 1, path: [...path, TIME] }) });
    }
    const tried = search.attempts(state, at).map((one) => {
      return { ...one, after: attempt(model, ref, state, at.heads, one) };
    });
    checkOffered(search, { state, stage, path }, at, tried);
    for (const { who, type, after } of tried) {
      if (after === undefined) continue;
      taken.add(type);
      edges.push({ who, from, to: reach({ state: after as S, stage, path: [...path, `${who} ${type}`] }) });
    }
  }
  return { nodes, edges, taken, last: stages.length - 1 };
}

/** Pages offer what an attempt shows to be possible, and nothing that all attempts show to be refused. */
function checkOffered<S extends CaseState>(
  { ref, model = model1, partly = [] }: Search<S>,
  { state, path }: Node<S>,
  { time, heads }: Stage,
  tried: readonly (Attempt & { readonly after: CaseState | undefined })[],
): void {
  const policy = policyAt(heads({ noun: "policy", case: "policy" }).state as PolicyState, time);
  const person = ({ who, actor }: Attempt) => `${who} ${actor.roles.join()}`;
  for (const who of new Set(tried.map(person))) {
    const own = tried.filter((one) => person(one) === who);
    const actor = own[0]?.actor;
    if (actor === undefined) continue;
    const offered = new Set(allowedActions(model, { ref, state, actor, policy, time, heads }));
    const possible = new Set(own.filter(({ after }) => after !== undefined).map(({ type }) => type));
    for (const { type } of own) {
      if (offered.has(type) === possible.has(type) || (offered.has(type) && partly.includes(type))) continue;
      const how = offered.has(type) ? "offered and always refused" : "possible and not offered";
      throw new Error(`${who} ${type} is ${how}: ${state.status} at ${time} by ${path.join(", ")}`);
    }
  }
}

/**
 * The states from which none that is an end can be reached while some keep silent. Those of the last stage are not asked:
 * there time stands still.
 */
export function stuck<S extends CaseState>(
  { nodes, edges, last }: Graph<S>,
  silent: readonly string[],
  isEnd: (node: Node<S>) => boolean,
): Node<S>[] {
  const into = new Map<number, number[]>();
  for (const { who, from, to } of edges) {
    if (silent.includes(who)) continue;
    const sources = into.get(to);
    if (sources) sources.push(from);
    else into.set(to, [from]);
  }
  const ends = nodes.flatMap((node, at) => (isEnd(node) ? [at] : []));
  const good = new Set(ends);
  for (let at = ends.pop(); at !== undefined; at = ends.pop()) {
    for (const source of into.get(at) ?? []) {
      if (good.has(source)) continue;
      good.add(source);
      ends.push(source);
    }
  }
  return nodes.filter(({ stage }, at) => stage < last && !good.has(at));
}

function attempt(
  model: Model,
  ref: CaseRef,
  state: CaseState,
  others: Heads,
  { actor, type, body }: Attempt,
): CaseState | undefined {
  const own: Head = { act: 1, transaction: TRANSACTION, next: 2, state };
  const heads = (asked: CaseRef): Head => (caseName(asked) === caseName(ref) ? own : others(asked));
  // What the table refuses is tested with the tables; asking for it here would only take time.
  if (model.nouns[ref.noun]?.commands[type]?.from.includes(state.status) !== true) return undefined;
  const command = { noun: ref.noun, case: ref.case, type, body };
  try {
    const basis = basisOn(dependencies(command, actor, model), heads);
    // How often a department has acted since the last tick ends with the next: nothing is stuck for it.
    return withoutRecent(decide({ ...command, basis }, heads, actor, TRANSACTION, RELEASED).act.state);
  } catch (error) {
    if (error instanceof LedgerError) {
      if (error.code === "INVALID_INPUT" || error.code === "WRONG_BASIS" || error.code === "TOO_LARGE") throw error;
      return undefined;
    }
    throw error;
  }
}
