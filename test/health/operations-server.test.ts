import type { Condition, NodeStatus } from "@wanlian/client/core";
import { Figures, OperationsServer } from "@wanlian/client/health";
import { expect } from "chai";
import { pino } from "pino";

const SINCE = "2026-03-09T00:00:00Z";
const STATUS: NodeStatus = {
  department: "CivilMSP",
  channel: "pilot",
  rules: { version: 2, inForce: true },
  version: "0.1.0",
  demo: false,
  height: 12n,
  blockHash: "00",
  commitHash: "00",
  ledgerTime: "2026-03-09T00:00:00Z",
  ready: true,
  conditions: [],
  catchUp: undefined,
  pending: [{ zh: "members behind", en: "members behind" }],
  alarms: 2,
  standing: [],
};
const ACCESSES = [{ side: "provider", other: "HealthMSP", way: "lookup", result: "served", accesses: 12 }] as const;
const condition = (code: Condition["code"]): Condition => ({ code, message: `${code} in words`, since: SINCE });

describe("operations service", () => {
  let conditions: Condition[] = [];
  let stopping = false;
  let figures: Figures;
  let server: OperationsServer;

  before(async () => {
    const status = () => ({ ...STATUS, conditions });
    figures = new Figures({ status, log: async () => ({ entries: 7, anchored: 5 }), accesses: async () => ACCESSES });
    const options = { listen: "127.0.0.1:0", status, isStopping: () => stopping, figures };
    server = await OperationsServer.start({ ...options, logger: pino({ level: "silent" }) });
  });
  beforeEach(() => {
    conditions = [];
    stopping = false;
  });
  after(() => server.stop());

  const get = (path: string, method = "GET") => fetch(`http://${server.address}${path}`, { method });
  const readiness = async () => {
    const response = await get("/readyz");
    return { status: response.status, ...((await response.json()) as object) };
  };

  it("is live while the process serves, whatever is wrong, and not once it stops", async () => {
    conditions = [condition("LEDGER_UNREACHABLE")];
    expect((await get("/livez")).status).to.equal(200);
    stopping = true;
    expect((await get("/livez")).status).to.equal(503);
  });

  it("is ready when nothing keeps the node from filing", async () => {
    expect(await readiness()).to.deep.equal({ status: 200, ready: true, reasons: [] });
    stopping = true;
    expect(await readiness()).to.deep.equal({ status: 503, ready: false, reasons: [] });
  });

  for (const code of [
    "CLOCK_STALE",
    "CATCHING_UP",
    "TOO_FEW_ENDORSERS",
    "LOG_NOT_ANCHORED",
    "DISK_NEARLY_FULL",
  ] as const)
    it(`is not ready, and says why: ${code}`, async () => {
      conditions = [condition(code), condition("SOURCE_DIFFERS")];
      expect(await readiness()).to.deep.equal({ status: 503, ready: false, reasons: [condition(code)] });
    });

  it("is ready though one release's source differs: that source alone is not served", async () => {
    conditions = [condition("SOURCE_DIFFERS")];
    expect(await readiness()).to.deep.equal({ status: 200, ready: true, reasons: [] });
  });

  it("gives Prometheus the node's figures: conditions by code, requests by operation and status", async () => {
    conditions = [condition("CLOCK_STALE")];
    figures.answered({ operation: "listCases", status: 200, seconds: 0.03 });
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).to.match(/^text\/plain; version=0\.0\.4/);
    const lines = (await response.text()).split("\n");
    expect(lines).to.include.members([
      "wanlian_ledger_blocks 12",
      "wanlian_ledger_time_seconds 1773014400",
      "wanlian_alarms 2",
      "wanlian_configuration_pending 1",
      'wanlian_condition{code="CLOCK_STALE"} 1',
      'wanlian_condition{code="CATCHING_UP"} 0',
      "wanlian_log_entries 7",
      "wanlian_log_anchored_entries 5",
      'wanlian_accesses{side="provider",other="HealthMSP",way="lookup",result="served"} 12',
      'wanlian_api_request_duration_seconds_bucket{le="0.02",operation="listCases",status="200"} 0',
      'wanlian_api_request_duration_seconds_bucket{le="0.1",operation="listCases",status="200"} 1',
    ]);
    expect(lines.some((line) => line.startsWith("process_resident_memory_bytes "))).to.equal(true);
  });

  it("counts as ready in the figures exactly when it says so", async () => {
    for (const code of [undefined, "SOURCE_DIFFERS", "TOO_FEW_ENDORSERS", "CLOCK_STALE"] as const) {
      conditions = code === undefined ? [] : [condition(code)];
      const { ready } = (await (await get("/readyz")).json()) as { ready: boolean };
      expect((await (await get("/metrics")).text()).split("\n"), code).to.include(`wanlian_ready ${Number(ready)}`);
    }
  });

  it("has nothing else, and is only read", async () => {
    expect((await get("/metrics/../api")).status).to.equal(404);
    expect((await get("/readyz", "POST")).status).to.equal(405);
    expect(await (await get("/livez", "HEAD")).text()).to.equal("");
  });

  it("says which address it cannot have", async () => {
    const options = { listen: server.address, status: () => STATUS, isStopping: () => false, figures };
    const refusal = await OperationsServer.start({ ...options, logger: pino({ level: "silent" }) }).then(
      () => expect.fail("two services on one port"),
      (error: unknown) => error,
    );
    expect(refusal).to.include({ code: "CONFIGURATION" });
    expect(String(refusal)).to.contain(server.address);
  });
});
