import { toHex } from "@wanlian/protocol/bytes.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  OrganizationUnit,
  type SignaturePolicy,
  type SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";

/** A principal of a policy, in a form that can be compared with others. */
export interface ComparablePrincipal {
  readonly principal: MSPPrincipal;
  /** Equal for equal principals. */
  readonly key: string;
  readonly mspId: string;
  readonly role: number | undefined;
}

/** Principals that together satisfy a policy, one peer for each; a principal may stand more than once. */
export type PrincipalSet = readonly ComparablePrincipal[];

/** Sets of one policy considered at most; a policy with more would take more peers than any network here has. */
const MAX_SETS = 10_000;
/** Sets of several policies together considered at most: comparing them with each other takes some milliseconds. */
const MAX_MERGED = 1_000;

/** Every minimal way to satisfy a policy; none if nobody can. */
export function satisfyingSets({ rule, identities }: SignaturePolicyEnvelope): PrincipalSet[] {
  const principals = identities.map(comparable);
  const sets = rule === undefined ? [] : setsOf(rule, principals);
  return sets.filter((set) => set.length > 0);
}

function setsOf(
  { signedBy, nOutOf }: SignaturePolicy,
  principals: (ComparablePrincipal | undefined)[],
): PrincipalSet[] {
  if (signedBy !== undefined) {
    const principal = principals[signedBy];
    return principal === undefined ? [] : [[principal]];
  }
  if (nOutOf === undefined) return [];
  const options = nOutOf.rules.map((rule) => setsOf(rule, principals));
  return choose(nOutOf.n, options);
}

/** The ways to satisfy n of the options. */
function choose(n: number, options: readonly PrincipalSet[][]): PrincipalSet[] {
  if (n === 0) return [[]];
  if (n > options.length) return [];
  const [first, ...rest] = options;
  const without = choose(n, rest);
  const withFirst = (first ?? []).flatMap((set) => choose(n - 1, rest).map((others) => [...set, ...others]));
  return [...withFirst, ...without].slice(0, MAX_SETS);
}

function comparable(principal: MSPPrincipal): ComparablePrincipal | undefined {
  const key = `${principal.principalClassification}:${toHex(principal.principal)}`;
  switch (principal.principalClassification) {
    case Classification.ROLE: {
      const { mspIdentifier, role } = MSPRole.decode(principal.principal);
      return { principal, key, mspId: mspIdentifier, role };
    }
    case Classification.ORGANIZATION_UNIT: {
      const { mspIdentifier } = OrganizationUnit.decode(principal.principal);
      return { principal, key, mspId: mspIdentifier, role: undefined };
    }
    case Classification.IDENTITY: {
      const { mspid } = SerializedIdentity.decode(principal.principal);
      return { principal, key, mspId: mspid, role: undefined };
    }
    default:
      return undefined;
  }
}

/** Whether whoever is the first is the second as well: a peer of an organization is a member of it. */
function isA(one: ComparablePrincipal, other: ComparablePrincipal): boolean {
  if (one.key === other.key) return true;
  return one.mspId === other.mspId && other.role === MSPRoleType.MEMBER;
}

/** Sets that satisfy two policies at once, given the sets of each. */
export function mergeSets(first: readonly PrincipalSet[], second: readonly PrincipalSet[]): PrincipalSet[] {
  const merged = new Map<string, PrincipalSet>();
  for (const one of first) {
    for (const other of second) {
      const both = union(one, other);
      merged.set(nameOf(both), both);
      if (merged.size >= MAX_MERGED) return minimal([...merged.values()]);
    }
  }
  return minimal([...merged.values()]);
}

/** Equal for sets of the same principals, whatever their order. */
const nameOf = (set: PrincipalSet): string =>
  set
    .map(({ key }) => key)
    .sort()
    .join();

/** Both sets together, where one principal may serve for one of each. */
function union(one: PrincipalSet, other: PrincipalSet): PrincipalSet {
  const result = [...other];
  const used = new Set<number>();
  for (const principal of one) {
    const covering = result.findIndex((candidate, index) => !used.has(index) && isA(candidate, principal));
    const covered = result.findIndex((candidate, index) => !used.has(index) && isA(principal, candidate));
    const at = covering >= 0 ? covering : covered;
    if (at < 0) {
      used.add(result.push(principal) - 1);
    } else {
      used.add(at);
      if (covering < 0) result[at] = principal;
    }
  }
  return result;
}

/** Leaves out sets that ask for more than another does. */
function minimal(sets: readonly PrincipalSet[]): PrincipalSet[] {
  const kept: { set: PrincipalSet; counts: ReadonlyMap<string, number> }[] = [];
  for (const set of [...sets].sort((one, other) => one.length - other.length)) {
    const counts = countsOf(set);
    if (!kept.some((smaller) => contains(counts, smaller.counts))) kept.push({ set, counts });
  }
  return kept.map(({ set }) => set);
}

/** Counts of sets that have been counted; a chaincode's sets are asked for with every transaction. */
const counted = new WeakMap<PrincipalSet, ReadonlyMap<string, number>>();

/** How often each principal stands in a set. */
export function countsOf(set: PrincipalSet): ReadonlyMap<string, number> {
  const known = counted.get(set);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { key } of set) counts.set(key, (counts.get(key) ?? 0) + 1);
  counted.set(set, counts);
  return counts;
}

function contains(larger: ReadonlyMap<string, number>, smaller: ReadonlyMap<string, number>): boolean {
  for (const [key, count] of smaller) if ((larger.get(key) ?? 0) < count) return false;
  return true;
}
