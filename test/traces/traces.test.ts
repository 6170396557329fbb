import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { NodeError } from "@wanlian/client/core/node-error.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { wantsTraces } from "@wanlian/client/running/machine/wants-traces.js";
import { carried, continued } from "@wanlian/client/traces/traceparent.js";
import { DepartmentTls } from "@wanlian/client/transport/department-tls.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld } from "../exchange/exchange-world.js";
import { attribute, collected, type SeenSpan, withTraces } from "./collector.js";

/** What a span may say; whatever is not here comes to no collector. */
const SAYABLE = [
  "wanlian.of",
  "wanlian.department",
  "wanlian.attempt",
  "wanlian.transaction",
  "wanlian.result",
  "wanlian.reason",
  "wanlian.rows",
  "http.response.status_code",
  "error.type",
];
const ERROR = 2;

/** The names from the root to each span, which says who is whose part. */
function paths(spans: readonly SeenSpan[]): string[] {
  const path = (span: SeenSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
    return parent === undefined ? span.name : `${path(parent)} > ${span.name}`;
  };
  return spans.map(path).sort();
}

describe("traces of an access", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name", "id"]);
  });
  after(() => world.remove());

  const access = (more: Partial<Ask> = {}) =>
    world.consumer.exchange.consumer.access(
      world.officer.signer,
      world.ask(grant, { subject: { id: "411302199001011234" }, ...more }),
    );
  /** Asks the provider's gateway for its checkpoint with a header of one's own. */
  async function ask(traceparent: string | string[]): Promise<number | undefined> {
    const { tls } = await world.ledger.node(CONSUMER);
    const [host = "", port = ""] = world.provider.exchange.address.split(":");
    const bundle = bundleFromBlock(Block.decode(world.ledger.blocks[0] as Uint8Array).data?.data ?? []);
    const ca = new DepartmentTls(() => bundle).authorities();
    const asked = request({
      ...{ host, port, ...tls, ca, agent: false, path: "/log/v1/checkpoint", checkServerIdentity: () => undefined },
      headers: { traceparent },
    });
    asked.end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    answer.resume();
    await once(answer, "end");
    return answer.statusCode;
  }

  it("go through both nodes as one", async () => {
    const { spans } = await collected(async () => {
      await access();
    });
    const own = spans.filter(({ traceId }) => traceId === spans.find(({ name }) => name === "access lookup")?.traceId);
    expect(paths(own)).to.deep.equal([
      "access lookup",
      "access lookup > ask POST /exchange/v1/access",
      "access lookup > ask POST /exchange/v1/access > answer POST /exchange/v1/access",
      "access lookup > ask POST /exchange/v1/access > answer POST /exchange/v1/access > decide lookup",
      "access lookup > ask POST /exchange/v1/access > answer POST /exchange/v1/access > read",
      "access lookup > ask POST /exchange/v1/access > answer POST /exchange/v1/access > record",
    ]);
    const [whole] = own.filter(({ name }) => name === "access lookup");
    expect(whole && attribute(whole, "wanlian.result")).to.equal("served");
  });

  it("of a download last until its end, at both", async () => {
    const { spans } = await collected(async () => {
      const { downloadRelease } = await import("@wanlian/client/exchange/streams/release-download.js");
      const { subject: _none, ...ask } = world.ask(grant, { way: "download", fields: ["code"] });
      for await (const part of downloadRelease(world.consumer.exchange.consumer, world.officer.signer, ask)) void part;
    });
    const [whole] = spans.filter(({ name }) => name === "access download");
    expect(whole && attribute(whole, "wanlian.result")).to.equal("served");
    expect(paths(spans.filter(({ traceId }) => traceId === whole?.traceId))).to.include.members([
      "access download > ask POST /exchange/v1/download > answer POST /exchange/v1/download > record",
    ]);
  });

  it("say what a record says of a refusal, and call it no error of the provider's", async () => {
    const { spans } = await collected(async () => {
      await access({ purpose: "analysis" });
    });
    const [decided] = spans.filter(({ name }) => name === "decide lookup");
    expect(decided && attribute(decided, "wanlian.reason")).to.equal("WRONG_PURPOSE");
    expect(spans.filter(({ status }) => status.code === ERROR)).to.deep.equal([]);
  });

  it("hold nothing of who asked, of whom, or what was found, whatever went wrong", async () => {
    const { spans, bodies } = await collected(async () => {
      await access();
      await access({ purpose: "analysis" });
      await access({ grant: "0".repeat(64) as TransactionId });
      await access({ dataset: "NobodyMSP/411302199001011234" as Ask["dataset"] }).catch(() => undefined);
    });
    const said = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...said].filter((key) => !SAYABLE.includes(key))).to.deep.equal([]);
    expect(spans.flatMap(({ events = [] }) => events)).to.deep.equal([]);
    expect(spans.map(({ status }) => status.message).filter((message) => message !== undefined)).to.deep.equal([]);
    for (const secret of ["411302199001011234", "宛城区", grant, "BEGIN"])
      expect(bodies, secret).not.to.include(secret);
    const values = spans.flatMap(({ attributes }) => attributes.flatMap(({ value }) => Object.values(value)));
    expect(values, "the officer's number").not.to.include("3001");
  });

  it("take another node's header by its form alone, and are begun anew where it has another", async () => {
    const good = `00-${"a1".repeat(16)}-${"b2".repeat(8)}-01`;
    const hostile: [string, string | string[]][] = [
      ["no header's form", "411302199001011234"],
      ["a version there is not", good.replace("00-", "01-")],
      ["no trace", `00-${"0".repeat(32)}-${"b2".repeat(8)}-01`],
      ["no parent", `00-${"a1".repeat(16)}-${"0".repeat(16)}-01`],
      ["capitals", good.toUpperCase()],
      ["more behind it", `${good}-more`],
      ["two of them", [good, good]],
      ["10,000 bytes", "0".repeat(10_000)],
      ["nothing", ""],
    ];
    const { spans, bodies } = await collected(async () => {
      for (const [what, header] of hostile) expect(await ask(header), what).to.equal(200);
      expect(await ask(good)).to.equal(200);
    });
    const answers = spans.filter(({ name }) => name === "answer GET /log/v1/");
    expect(answers.filter(({ parentSpanId }) => parentSpanId === "b2".repeat(8))).to.have.length(1);
    const begun = answers.filter(({ parentSpanId }) => (parentSpanId ?? "") === "");
    expect(begun).to.have.length(hostile.length);
    expect(new Set(begun.map(({ traceId }) => traceId)).size).to.equal(hostile.length);
    expect(bodies).not.to.include("411302199001011234");
  });

  it("are sampled as this node wants, whatever another department's header says", async () => {
    const sampled = `00-${"f".repeat(8)}${"0".repeat(24)}-${"b2".repeat(8)}-01`;
    for (const sampler of ["always_off", "parentbased_always_off", "parentbased_traceidratio"]) {
      const environment = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: "0.1" };
      const { spans } = await collected(async () => void (await ask(sampled)), environment);
      expect(spans, sampler).to.deep.equal([]);
    }
    const { spans } = await collected(async () => void (await ask(sampled.replace(/01$/, "00"))));
    expect(spans.map(({ name }) => name)).to.deep.equal(["answer GET /log/v1/"]);
  });

  it("that no collector takes keep nothing from being answered, and are said once", async () => {
    const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_EXPORTER_OTLP_TIMEOUT: "300" };
    const said = await withTraces(nobody, async () => {
      const { filed } = await access();
      expect(filed.signed.record.result).to.equal("served");
    });
    expect(said.filter((line) => line.includes("does not take traces"))).to.have.length(1);
  });

  it("are off unless asked for: nothing is carried to another node", async () => {
    await access();
    expect(carried()).to.deep.equal({});
    expect(continued(undefined)).to.equal(continued("nonsense"));
  });
});

describe("the variables of OpenTelemetry", () => {
  it("turn traces on where a collector is named", () => {
    const cases: [NodeJS.ProcessEnv, boolean][] = [
      [{}, false],
      [{ OTEL_SERVICE_NAME: "civil" }, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "" }, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, true],
      [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector:4318/v1/traces" }, true],
      [{ OTEL_TRACES_EXPORTER: "otlp" }, true],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_TRACES_EXPORTER: "none" }, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_SDK_DISABLED: "true" }, false],
    ];
    for (const [environment, on] of cases) expect(wantsTraces(environment), JSON.stringify(environment)).to.equal(on);
  });

  it("name the service, which is this department's node otherwise", async () => {
    const work = async () => void (await import("@wanlian/client/traces")).traced("read", {}, async () => undefined);
    const { bodies: own } = await collected(work);
    expect(own).to.include('"wanlian-node"').and.include('"CivilMSP"');
    const { bodies: named } = await collected(work, { OTEL_SERVICE_NAME: "civil-affairs" });
    expect(named).to.include('"civil-affairs"').and.not.include('"wanlian-node"');
  });

  it("that cannot be meant keep a node from starting", async () => {
    const cases: NodeJS.ProcessEnv[] = [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" },
      { OTEL_EXPORTER_OTLP_ENDPOINT: "not an address" },
      { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      { OTEL_TRACES_SAMPLER: "sometimes" },
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "2" },
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "half" },
    ];
    for (const environment of cases) {
      const error = await withTraces(environment, async () => undefined).catch((thrown: unknown) => thrown);
      expect(error instanceof NodeError && error.code, JSON.stringify(environment)).to.equal("CONFIGURATION");
    }
  });
});
