import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Consensus, Topology } from "@wanlian/network/topology/topology.js";
import { languageOf, type Words } from "@wanlian/protocol/language.js";
import type { Pilot, PilotWishes } from "../../host/pilot.js";
import { progressOn } from "../../host/progress.js";
import { standInForContracts } from "../../host/stand-in-contracts.js";
import { withPilot } from "../bench-pilot.js";
import { folderSize } from "../folder-size.js";
import { keepInFlight, type LoadFigures } from "../in-flight.js";
import { type Machine, thisMachine } from "../machine.js";
import { figuresOf, type ProcessFigures, sumByKind } from "../process-figures.js";
import { untilSteady, type WarmUp } from "../steady.js";
import { ActLoad } from "./act-load.js";
import { LedgerLoad } from "./ledger-load.js";

/** A network to be measured: the pilot's of that kind, or what a topology file says. */
export type BenchNetwork = { readonly consensus: Consensus } | { readonly topologyFile: string };

export interface LedgerOptions {
  readonly networks: readonly BenchNetwork[];
  readonly departments: number;
  /** How many of them have to endorse; without it, the pilot's own k. */
  readonly endorsements: number | undefined;
  readonly inFlight: readonly number[];
  /** For each number in flight. */
  readonly seconds: number;
  /** `trivial`: the network alone. `real`: acts through the departments' nodes. */
  readonly contracts: "trivial" | "real";
  readonly firstPort: number;
}

/** What a kind of process took at the highest load. */
export interface KindFigures {
  readonly kind: string;
  readonly count: number;
  /** Of each, in cores. */
  readonly cores: number;
  /** Of each, bytes, after the load. */
  readonly pss: number;
}

export interface NetworkReport {
  /** The kind of the pilot's, or the topology file's name. */
  readonly network: string;
  readonly departments: number;
  /** How many of them have to endorse. */
  readonly endorsements: number;
  /** By submitting. */
  readonly warmUp: WarmUp;
  readonly submit: readonly LoadFigures[];
  /** Of trivial contracts, an evaluation by one peer; of the real ones, a page of a list. */
  readonly evaluate: readonly LoadFigures[];
  readonly kinds: readonly KindFigures[];
  /** What a committed transaction takes on one peer's disk, and on one orderer's; bytes. */
  readonly diskPeer: number;
  readonly diskOrderer: number;
}

export interface LedgerReport {
  readonly machine: Machine;
  readonly options: LedgerOptions;
  readonly networks: readonly NetworkReport[];
}

const TRIVIAL_CONTRACT = fileURLToPath(new URL("trivial-contract.js", import.meta.url));

/** How many calls are in flight while networks come up to speed. */
const WARM_UP_IN_FLIGHT = 64;

const WARMING_UP: Words = { zh: "预热，直到不再变快", en: "Warming up until it becomes no faster" };

/** How fast networks are, one after the other on this machine. */
export async function benchLedger(options: LedgerOptions): Promise<LedgerReport> {
  const machine = thisMachine();
  const networks: NetworkReport[] = [];
  for (const network of options.networks) networks.push(await measure(network, options));
  return { machine, options, networks };
}

async function measure(measured: BenchNetwork, options: LedgerOptions): Promise<NetworkReport> {
  const network = "consensus" in measured ? measured.consensus : basename(measured.topologyFile);
  const progress = progressOn(process.stderr, languageOf([], process.env));
  return withPilot(progress, async (pilot) => {
    const topology = await pilot.up(wishesFor(measured, options));
    const load = await loadOn(pilot, topology, options.contracts);
    const diskBefore = await diskOf(pilot, topology);
    const warmUp = await progress.step(WARMING_UP, () => untilSteady(WARM_UP_IN_FLIGHT, load.submit));
    const submit: LoadFigures[] = [];
    let before: readonly ProcessFigures[] = [];
    let begun = 0;
    for (const inFlight of options.inFlight) {
      before = await figuresOf(pilot);
      begun = performance.now();
      submit.push(
        await progress.step(inFlightTitle(network, { zh: "提交", en: "submit" }, inFlight), () =>
          keepInFlight(inFlight, options.seconds, load.submit),
        ),
      );
    }
    const kinds = kindsBetween(before, await figuresOf(pilot), (performance.now() - begun) / 1000);
    const diskAfter = await diskOf(pilot, topology);
    const evaluate: LoadFigures[] = [];
    for (const inFlight of options.inFlight)
      evaluate.push(
        await progress.step(inFlightTitle(network, { zh: "查询", en: "evaluate" }, inFlight), () =>
          keepInFlight(inFlight, options.seconds, load.evaluate),
        ),
      );
    load.close();
    const committed = submit.reduce((sum, { calls }) => sum + calls, warmUp.calls);
    return {
      network,
      departments: topology.departments.length,
      endorsements: topology.endorsements,
      warmUp,
      submit,
      evaluate,
      kinds,
      diskPeer: (diskAfter.peer - diskBefore.peer) / committed,
      diskOrderer: (diskAfter.orderer - diskBefore.orderer) / committed,
    };
  });
}

function wishesFor(measured: BenchNetwork, { departments, endorsements, firstPort }: LedgerOptions): PilotWishes {
  if ("topologyFile" in measured) return measured;
  return { departments, firstPort, ...measured, ...(endorsements === undefined ? {} : { endorsements }) };
}

function inFlightTitle(network: string, what: Words, inFlight: number): Words {
  return { zh: `${network}：${what.zh}，${inFlight} 个并发`, en: `${network}: ${what.en}, ${inFlight} in flight` };
}

interface Load {
  submit(worker: number): Promise<void>;
  evaluate(worker: number): Promise<void>;
  close(): void;
}

async function loadOn(pilot: Pilot, topology: Topology, contracts: LedgerOptions["contracts"]): Promise<Load> {
  if (contracts === "real") {
    const load = await ActLoad.at(pilot, topology);
    return { submit: (one) => load.submit(one), evaluate: (one) => load.query(one), close: () => undefined };
  }
  await standInForContracts(pilot, TRIVIAL_CONTRACT);
  const load = await LedgerLoad.at(pilot, topology);
  return { submit: (one) => load.submit(one), evaluate: (one) => load.evaluate(one), close: () => load.close() };
}

function kindsBetween(before: readonly ProcessFigures[], after: readonly ProcessFigures[], seconds: number) {
  const earlier = sumByKind(before);
  return [...sumByKind(after).values()].map(
    ({ name, count, cpu, pss }): KindFigures => ({
      kind: name,
      count,
      cores: (cpu - (earlier.get(name)?.cpu ?? 0)) / seconds / count,
      pss: pss / count,
    }),
  );
}

async function diskOf(pilot: Pilot, { departments, orderers }: Topology): Promise<{ peer: number; orderer: number }> {
  const [department] = departments;
  const [orderer] = orderers.nodes;
  return {
    peer: await folderSize(pilot.data.file("peers", department?.mspId ?? "")),
    orderer: await folderSize(pilot.data.file("orderers", orderer?.name ?? "")),
  };
}
