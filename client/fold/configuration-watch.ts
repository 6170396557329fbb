import type { Instant } from "@wanlian/model/identifiers.js";
import { inForceAt, timeOf } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { Words } from "@wanlian/protocol/language.js";
import { type ChannelView, readConfiguration, viewChannel } from "./configuration.js";
import { type DefinitionView, readDefinition } from "./definition.js";
import type { CountedTransaction, FoldedBlock, FoldedTransaction } from "./fold.js";

/** Policy of the channel's Application group that the contracts' definition has to refer to. */
const RECORDS_REFERENCE = "/Channel/Application/Records";
const BUILT_IN_VALIDATION = "vscc";

/**
 * A difference between what the administrators configured and what the acts say. One that a configuration brought is
 * an alarm; one that an act brought means that the configuration has still to follow.
 */
export interface Difference {
  /** What it is about: one difference a topic. */
  readonly topic: string;
  readonly kind: "CONFIGURATION_BEYOND_ACTS" | "CONFIGURATION_BEHIND_ACTS";
  /** What differs, in a sentence. */
  readonly said: Words;
  /** Departments it is about, sorted. */
  readonly departments: readonly string[];
}

/** What the comparison needs to go on after a restart; all of it derived from the ledger. */
export interface WatchState {
  readonly channel: ChannelView | undefined;
  readonly definition: DefinitionView | undefined;
  readonly policy: CaseState | undefined;
  readonly time: Instant | undefined;
  /** Undefined while the founders alone belong. */
  readonly consortium: CaseState | undefined;
  /** Differences that stand, by topic. */
  readonly standing: ReadonlyMap<string, Difference>;
}

export const NOTHING_SEEN: WatchState = {
  channel: undefined,
  definition: undefined,
  policy: undefined,
  time: undefined,
  consortium: undefined,
  standing: new Map(),
};

/** A configuration or definition as the block brought it, to be kept. */
export interface Configured {
  readonly index: number;
  readonly kind: "channel" | "definition";
  readonly content: Uint8Array;
}

export interface WatchOutcome {
  readonly state: WatchState;
  readonly configured: readonly Configured[];
  readonly begun: readonly Difference[];
  /** Topics of the differences that ended, or that say something else now. */
  readonly ended: readonly string[];
}

/** Compares configuration and acts after a block. Pure. @param models the one in force says who belongs, and what k is */
export function watchBlock(
  before: WatchState,
  folded: FoldedBlock,
  chaincode: string,
  models: ModelVersions,
): WatchOutcome {
  let state = before;
  const configured: Configured[] = [];
  let acted = false;
  for (const transaction of folded.transactions) {
    const changes = readChanges(state, transaction, chaincode);
    state = { ...state, ...changes.state };
    acted ||= changes.acted;
    configured.push(...changes.configured);
  }
  const reading = readingOf(state, models);
  // Software that lacks the version in force stops at the next act; what stood then still stands.
  if ((!acted && configured.length === 0) || (reading === undefined && state.policy !== undefined))
    return { state, configured, begun: [], ended: [] };

  // Policy 1 has nothing before it: what it does not find in the configuration is no lag.
  const opened = before.policy === undefined && state.policy !== undefined;
  const kind = configured.length > 0 || opened ? "CONFIGURATION_BEYOND_ACTS" : "CONFIGURATION_BEHIND_ACTS";
  const found = new Map(compare(state, reading).map((difference) => [difference.topic, difference]));
  const isSame = (topic: string) => found.get(topic)?.said.en === before.standing.get(topic)?.said.en;
  const begun = [...found.values()]
    .filter(({ topic }) => !isSame(topic))
    // What began as an alarm does not become a mere lag because an act changed its wording.
    .map((difference) => ({ ...difference, kind: before.standing.get(difference.topic)?.kind ?? kind }));
  const ended = [...before.standing.keys()].filter((topic) => !isSame(topic));
  const standing = new Map([...before.standing].filter(([topic]) => isSame(topic)));
  for (const difference of begun) standing.set(difference.topic, difference);
  return { state: { ...state, standing }, configured, begun, ended };
}

interface Changes {
  readonly state: Partial<WatchState>;
  /** Whether an act changed something. */
  readonly acted: boolean;
  readonly configured: readonly Configured[];
}

/** What a valid transaction changed. One can do both: write a definition and an act. */
function readChanges(before: WatchState, transaction: FoldedTransaction, chaincode: string): Changes {
  const { index, code, headers, action, judged } = transaction;
  if (code !== 0 || headers === undefined) return { state: {}, acted: false, configured: [] };
  const acted = judged?.counted === true ? stateAfter(judged) : undefined;
  const channel = readConfiguration(headers);
  const definition = action === undefined ? undefined : readDefinition(action, chaincode, before.definition);
  return {
    state: {
      ...acted,
      ...(channel === undefined ? {} : { channel: viewChannel(channel) }),
      ...(definition === undefined ? {} : { definition }),
    },
    acted: acted !== undefined,
    configured: [
      ...(channel === undefined ? [] : [{ index, kind: "channel" as const, content: channel }]),
      ...(definition === undefined
        ? []
        : [{ index, kind: "definition" as const, content: new TextEncoder().encode(JSON.stringify(definition)) }]),
    ],
  };
}

function stateAfter({ act }: CountedTransaction): Partial<WatchState> | undefined {
  switch (act.noun) {
    case "policy":
      return { policy: act.state };
    case "consortium":
      return { consortium: act.state };
    case "clock":
      return { time: timeOf(act.state) };
    default:
      return undefined;
  }
}

type Found = Omit<Difference, "kind">;

/** How the version in force reads states; undefined before there is one, and where the software lacks it. */
function readingOf({ policy, time }: WatchState, models: ModelVersions): Reading | undefined {
  const version = policy && inForceAt(policy, time).version;
  return version !== undefined && models.has(version) ? models.of(version).reading : undefined;
}

function compare({ channel, definition, policy, time, consortium }: WatchState, reading: Reading | undefined): Found[] {
  if (policy === undefined || channel === undefined || reading === undefined) return [];
  const expected = new Set<string>(reading.roster(consortium, policy));
  const k = reading.requiredEndorsers(reading.policy(policy, time), expected.size);
  return [
    ...compareMembers(channel.members, expected, { zh: "通道配置", en: "the channel's configuration" }),
    ...compareRecords(channel, expected, k),
    ...(definition === undefined ? [] : compareDefinition(definition)),
  ];
}

function compareMembers(configured: readonly string[], expected: ReadonlySet<string>, where: Words): Found[] {
  const surplus = configured.filter((department) => !expected.has(department));
  const missing = [...expected].filter((department) => !configured.includes(department)).sort();
  const found = (name: string, said: Words): Found => ({ topic: `${where.en}: ${name}`, said, departments: [name] });
  return [
    ...surplus.map((name) =>
      found(name, { zh: `${where.zh}含有非成员 ${name}`, en: `${where.en} holds ${name}, which is no member` }),
    ),
    ...missing.map((name) =>
      found(name, { zh: `${where.zh}缺少成员 ${name}`, en: `${where.en} lacks ${name}, which is a member` }),
    ),
  ];
}

function compareRecords({ records }: ChannelView, expected: ReadonlySet<string>, k: number): Found[] {
  const where = { zh: "通道的背书策略 Records ", en: "the policy Records" };
  if (records === undefined) {
    const said = {
      zh: `${where.zh}缺失，或不是“n 个部门中的 k 个”`,
      en: `${where.en} is missing or not of the form k departments of n`,
    };
    return [{ topic: where.en, said, departments: [] }];
  }
  const differences = compareMembers(records.departments, expected, where);
  if (records.k === k) return differences;
  const said = {
    zh: `${where.zh}要求 ${records.k} 个部门背书，按政策应为 ${k} 个`,
    en: `${where.en} asks for ${records.k} departments; by the policy act it has to be ${k}`,
  };
  return [...differences, { topic: `${where.en}: k`, said, departments: [] }];
}

function compareDefinition(definition: DefinitionView): Found[] {
  const { policyReference, validationPlugin, initRequired, hasCollections } = definition;
  const faults: readonly (Words | false)[] = [
    policyReference !== RECORDS_REFERENCE && {
      zh: `由 ${policyReference || "自带的策略"} 背书，而不是 ${RECORDS_REFERENCE}`,
      en: `is endorsed by ${policyReference || "a policy of its own"}, not ${RECORDS_REFERENCE}`,
    },
    validationPlugin !== BUILT_IN_VALIDATION && {
      zh: `由“${validationPlugin}”验证，而不是 Fabric 自带的验证`,
      en: `is validated by "${validationPlugin}", not by Fabric's own validation`,
    },
    initRequired && {
      zh: "要求初始化，而合约没有这一步",
      en: "demands an initialisation, which the contracts do not have",
    },
    hasCollections && {
      zh: "带有私有数据集合，而行为从不使用",
      en: "has private data collections, which acts never use",
    },
  ];
  return faults
    .filter((fault) => fault !== false)
    .map(({ zh, en }) => ({ zh: `合约定义${zh}`, en: `the contracts' definition ${en}` }))
    .map((said) => ({ topic: said.en, said, departments: [] }));
}
