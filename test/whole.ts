/**
 * Runs the whole suite in two lanes beside each other, each one process: what starts processes of the product, which
 * share a pilot; and the rest, which needs a browser at most. The last line is the sum of both runners' own counts.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Counts, countsLine } from "./counts.js";
import { partsOfSuite } from "./parts.js";

const LANE = fileURLToPath(new URL("lane.js", import.meta.url));
const NODE_OPTIONS = ["--disable-warning=DEP0123", "--enable-source-maps"];

/** One lane's report is read as it grows, the other's when that is over: mixed, neither could be read. */
async function run(files: readonly string[], report: "inherit" | "pipe"): Promise<Counts> {
  const lane = fork(LANE, [...files], { execArgv: NODE_OPTIONS, stdio: ["ignore", report, report, "ipc"] });
  const said = Promise.all([lane.stdout, lane.stderr].map((stream) => (stream ? buffer(stream) : Buffer.alloc(0))));
  let counts: Counts | undefined;
  lane.on("message", (message: Counts) => {
    counts = message;
  });
  const [code] = await once(lane, "exit");
  reports.push(await said);
  if (counts !== undefined) return counts;
  process.stdout.write(`A lane of the suite ended with code ${code} before it was through.\n`);
  return { passed: 0, failed: 1, skipped: 0 };
}

const reports: (readonly Buffer[])[] = [];
const { fast, browser, processes } = partsOfSuite();
const lanes = await Promise.all([run(processes, "inherit"), run([...fast, ...browser], "pipe")]);
for (const [stdout, stderr] of reports)
  process.stdout.write(Buffer.concat([stdout ?? Buffer.alloc(0), stderr ?? Buffer.alloc(0)]));

const sum = (count: keyof Counts): number => lanes.reduce((total, lane) => total + lane[count], 0);
const total: Counts = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
process.stdout.write(`${countsLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
