import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FEWEST_DEPARTMENTS, MOST_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Consensus } from "@wanlian/network/topology/topology.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { benchAudit, printAudit } from "./bench/audit/audit.js";
import { benchPages, printPages } from "./bench/audit/pages.js";
import { benchCalls, printCalls } from "./bench/calls/calls.js";
import { benchExchange, printExchange } from "./bench/exchange/exchange.js";
import { benchFold, printFold } from "./bench/fold/fold.js";
import { type BenchNetwork, benchLedger } from "./bench/ledger/ledger.js";
import { printLedger } from "./bench/ledger/ledger-words.js";
import { benchQuality, printQuality } from "./bench/quality.js";
import { benchStart, printStart } from "./bench/start.js";
import { benchTrace, printTrace } from "./bench/trace/trace.js";
import { benchWarnings, printWarnings } from "./bench/warnings/warnings.js";
import { reportAndExit } from "./host/failure.js";

const USAGE = `usage: npm run bench -- NAME [options]

  start    how long a pilot takes to start, cold and warm, and its memory
           --rounds N (3)  --departments N (6)  --network embedded|raft|bft

  ledger   transactions and evaluations a second, latency, processor time, memory, disk
           --network KIND, or --compare KIND,KIND: one after the other, with ratios
           --topology FILE,FILE: the same for networks of these topologies, on this host
           --departments N (5)  --endorse K  --in-flight 1,16,64,256  --seconds N (10)
           --contracts trivial|real: the network alone, or acts through the departments' nodes

  exchange log, proofs, look-ups and streams between two nodes, each beside its comparison
           --records N (1000000)  --proof-records N (10000000)  --stream MB (2048)

  quality  wrong cells in the literature's sets, scored by their truth; ten rules beside SQL written by hand
           --rows N (10000000)  --data FOLDER (../shared/data/quality)

  audit    an audit of two departments' logs: entries a second, memory, pages of a dataset's accesses
           --records N (100000 where not given)

  pages    pages of a node's index of accesses, by dataset, officer and period
           --records N (10000000 where not given)

  fold     acts a second as a ledger grows, behind and one by one; time and memory of a rebuild
           --acts N (100000)

  page     a node's page in a browser: first load on a slow processor, a filing beside the API's, a long table
           --rounds N (3)  --accesses N (100000)

  trace    lineage, states as of a day, changes, histories, accesses: questions to a node's tables
           --releases N (20000)  --acts N (100000)  --records N (1000000)  --rounds N (3)  --database URL

  calls    a stand-in for the exchange platform tells two nodes of their calls, and does some of it wrong
           --records N (1000000)

  warnings early warning on traffic made for it: misuse caught and missed, false alarms, time until warned
           --seed N (1)  --days N (120)

  --json     for programs
  --ports N  the lowest port (27000), so that a pilot may run beside it
`;

const { values, positionals } = read();

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        rounds: { type: "string", default: "3" },
        departments: { type: "string" },
        compare: { type: "string" },
        topology: { type: "string" },
        endorse: { type: "string" },
        "in-flight": { type: "string", default: "1,16,64,256" },
        seconds: { type: "string", default: "10" },
        contracts: { type: "string", default: "trivial" },
        network: { type: "string", default: "embedded" },
        ports: { type: "string", default: "27000" },
        records: { type: "string" },
        "proof-records": { type: "string", default: "10000000" },
        stream: { type: "string", default: "2048" },
        rows: { type: "string", default: "10000000" },
        data: { type: "string" },
        accesses: { type: "string", default: "100000" },
        acts: { type: "string", default: "100000" },
        releases: { type: "string", default: "20000" },
        database: { type: "string" },
        seed: { type: "string", default: "1" },
        days: { type: "string", default: "120" },
      },
    });
  } catch (error) {
    return usage(messageOf(error));
  }
}

const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  async exchange() {
    const wishes = {
      records: whole(values.records ?? "1000000", 10_000, 1e9),
      proofRecords: whole(values["proof-records"], 1000, 1e8),
      streamBytes: whole(values.stream, 1, 100_000) * 1e6,
      firstPort: firstPort(),
    };
    print(await benchExchange(wishes), printExchange);
  },
  async quality() {
    const data = values.data ?? fileURLToPath(new URL("../../../shared/data/quality", import.meta.url));
    print(await benchQuality({ rows: whole(values.rows, 1000, 1e9), data }), printQuality);
  },
  async audit() {
    print(await benchAudit(whole(values.records ?? "100000", 1000, 1e8)), printAudit);
  },
  async pages() {
    print(await benchPages(whole(values.records ?? "10000000", 1000, 1e8)), printPages);
  },
  async fold() {
    print(await benchFold(whole(values.acts, 200, 1e7)), printFold);
  },
  async trace() {
    const wishes = {
      releases: whole(values.releases, 100, 1e6),
      acts: whole(values.acts, 1000, 1e8),
      records: whole(values.records ?? "1000000", 1000, 1e8),
      rounds: whole(values.rounds, 1, 10_000),
      database: values.database,
    };
    print(await benchTrace(wishes), printTrace);
  },
  async calls() {
    print(await benchCalls(whole(values.records ?? "1000000", 1000, 1e8)), printCalls);
  },
  async warnings() {
    const wishes = { seed: whole(values.seed, 0, 1e9), days: whole(values.days, 40, 3650) };
    print(await benchWarnings(wishes), printWarnings);
  },
  async page() {
    // What drives a browser is loaded for this one alone.
    const { benchPage, printPage } = await import("./bench/page/page.js");
    const rounds = whole(values.rounds, 1, 100);
    const accesses = whole(values.accesses, 1000, 1_000_000);
    print(await benchPage({ rounds, accesses, firstPort: firstPort() }), printPage);
  },
  async start() {
    const departments = whole(values.departments ?? "6", FEWEST_DEPARTMENTS, MOST_DEPARTMENTS);
    const rounds = whole(values.rounds, 1, 100);
    print(await benchStart({ departments, network: network(), rounds, firstPort: firstPort() }), printStart);
  },
  async ledger() {
    const departments = whole(values.departments ?? "5", FEWEST_DEPARTMENTS, MOST_DEPARTMENTS);
    const report = await benchLedger({
      networks: measuredNetworks(),
      departments,
      endorsements: values.endorse === undefined ? undefined : whole(values.endorse, 1, departments),
      inFlight: values["in-flight"].split(",").map((text) => whole(text, 1, 10_000)),
      seconds: whole(values.seconds, 1, 3600),
      contracts: contracts(),
      firstPort: firstPort(),
    });
    print(report, printLedger);
  },
};

function print<T>(report: T, words: (report: T) => string): void {
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${words(report)}\n`);
}

function whole(text: string, least: number, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  return usage(`${text} must be a whole number from ${least} to ${most}.`);
}

const network = () => consensus(values.network);

function measuredNetworks(): BenchNetwork[] {
  const { topology, compare, departments, endorse } = values;
  if (topology !== undefined) {
    if (compare ?? departments ?? endorse)
      usage("A topology says by itself what --compare, --departments and --endorse would.");
    return topology.split(",").map((topologyFile) => ({ topologyFile }));
  }
  return compare === undefined
    ? [{ consensus: network() }]
    : compare.split(",").map((kind) => ({ consensus: consensus(kind) }));
}

function consensus(kind: string): Consensus {
  return kind === "embedded" || kind === "raft" || kind === "bft" ? kind : usage(`There is no network ${kind}.`);
}

function contracts(): "trivial" | "real" {
  const { contracts: which } = values;
  return which === "trivial" || which === "real" ? which : usage(`There are no contracts ${which}.`);
}

const firstPort = () => whole(values.ports, 1024, 65_000);

function usage(what: string): never {
  process.stderr.write(`${what}\n\n${USAGE}`);
  process.exit(2);
}

try {
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const name = positionals[0] ?? "";
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (benchmark === undefined) usage(name === "" ? "Which benchmark?" : `There is no benchmark ${name}.`);
  await benchmark();
} catch (error) {
  reportAndExit(error, languageOf([], process.env));
}
