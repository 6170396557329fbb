import { readFile } from "node:fs/promises";
import type { Answer, Operation, Request } from "@wanlian/client/api/operation.js";
import { exchangeOperations } from "@wanlian/client/api/operations/access/exchange.js";
import { problemOf } from "@wanlian/client/api/problem.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { NodeServices } from "@wanlian/client/core/services.js";
import { NodeLedger } from "@wanlian/client/read/node-ledger.js";
import { officersExchange } from "@wanlian/client/running/desks/officers-exchange.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { hourOf } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import { makeAuditor } from "../../audit/audit-world.js";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "../../exchange/exchange-world.js";
import type { TestOfficer } from "../test-ledger.js";
import { asDescribed } from "./described.js";

describe("the API of the exchange", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let operations: Operation[];

  before(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name", "note"]);
    operations = exchangeOperations(() => officersExchange(world.consumer.exchange, past(world)));
  });
  after(() => world.remove());

  /** An operation as the server calls it: checked by its own schemas, for an officer who is logged in. */
  async function call(id: string, given: { query?: Record<string, string>; body?: unknown }, officer = world.officer) {
    const operation = operations.find((candidate) => candidate.id === id);
    if (operation === undefined) throw new Error(`there is no ${id}`);
    const checks = checksOf(operation);
    const request: Request = {
      services: services(world),
      db: world.consumer.exchange.options.db,
      path: checks.path({}),
      query: checks.query(given.query ?? {}),
      body: checks.body(given.body),
      language: "en",
      caller: callerFor(officer),
      from: { address: "127.0.0.1", scheme: "http" },
      idempotencyKey: undefined,
      header: () => undefined,
      isStillLoggedIn: () => true,
      signal: new AbortController().signal,
    };
    return asDescribed(operation, await operation.handle(request));
  }
  const { access, download } = {
    access: (more: object) =>
      call("access", { body: { grant, release: world.release, way: "lookup", subject: { code: "0371" }, ...more } }),
    download: (more: object = {}) => call("download", { body: { grant, release: world.release, ...more } }),
  };

  it("looks rows up with what the grant says, and answers with the record", async () => {
    const { status, body } = await access({});
    expect(status).to.equal(200);
    expect(body?.payload).to.deep.equal({
      fields: ["code", "name", "note"],
      rows: [["0371", "宛城区", null]],
      more: false,
    });
    expect(body).to.include({ provider: PROVIDER, consumer: CONSUMER, result: "served", purpose: "verification" });
    expect(body?.record).to.match(/^[0-9a-f]{64}$/);
  });

  it("answers a verification with yes or no", async () => {
    const { body } = await access({ way: "verification", subject: { code: "0371", name: "卧龙区" } });
    expect(body?.payload).to.deep.equal({ match: false });
  });

  it("passes a refusal on as one, with its reason, in the reader's words, and the record that says so", async () => {
    const refusal = await access({ fields: ["id"] }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof ExchangeError)) throw refusal;
    expect([refusal.code, refusal.details.reason]).to.deep.equal(["REFUSED", "FIELD_NOT_GRANTED"]);
    expect(problemOf(refusal, "zh").detail).to.equal("含未授权的字段；请去掉（FIELD_NOT_GRANTED）");
    expect(problemOf(refusal, "en").detail).to.match(/^[^_]+ \(FIELD_NOT_GRANTED\)$/);
    const listed = await call("listAccesses", { query: { limit: "1" } });
    expect(itemsOf<{ id: string }>(listed)[0]?.id).to.equal(refusal.details.record);
  });

  it("shows one record by its id, and none for an id that no record has", async () => {
    const { body } = await access({});
    await access({});
    const record = String(body?.record);
    const found = itemsOf<{ id: string }>(await call("listAccesses", { query: { record } }));
    expect(found.map(({ id }) => id)).to.deep.equal([record]);
    expect(itemsOf(await call("listAccesses", { query: { record: "0".repeat(64) } }))).to.deep.equal([]);
  });

  it("streams the granted fields as a CSV that reads back to the same columns", async () => {
    const whole = await world.grant(["code", "name", "id", "note"]);
    const answer = await download({ grant: whole });
    expect(await textOf(answer)).to.equal(await readFile(world.file, "utf8"));
    expect(await textOf(await download({ fields: ["note", "code"] }))).to.equal(
      ["note,code", ",0371", "old,000", '"a ""quoted"" note",411303', ""].join("\n"),
    );
  });

  it("refuses a download before its first byte", async () => {
    const refusal = await download({ fields: ["id"] }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(ExchangeError).and.have.property("code", "REFUSED");
  });

  it("lists and counts what stands in the node's own log, page by page", async () => {
    const first = await call("listAccesses", { query: { limit: "2", provider: PROVIDER } });
    const positions = (answer: Answer) => itemsOf<{ position: number }>(answer).map(({ position }) => position);
    const second = await call("listAccesses", { query: { limit: "2", cursor: String(first.body?.next) } });
    expect([...positions(first), ...positions(second)]).to.deep.equal(
      [...positions(first), ...positions(second)].sort((a, b) => b - a),
    );
    const counts = itemsOf<{ result: string; accesses: number }>(await call("countAccesses", { query: { grant } }));
    expect(counts.find(({ result }) => result === "refused")?.accesses).to.equal(2);
    const byDepartment = await call("countAccesses", { query: { grant, by: "consumer" } });
    const inAll = (items: readonly { accesses: number }[]) => items.reduce((sum, { accesses }) => sum + accesses, 0);
    expect(new Set(itemsOf<{ consumer: string }>(byDepartment).map(({ consumer }) => consumer))).to.deep.equal(
      new Set([CONSUMER]),
    );
    expect(inAll(itemsOf(byDepartment))).to.equal(inAll(counts));
    expect((await call("listAccesses", { query: { officer: "4711" } })).body?.items).to.deep.equal([]);
  });

  it("counts by officer and hour, and gives all of it as a sheet in which nothing is a formula", async () => {
    const scenario = "=HYPERLINK(1)";
    await access({ way: "verification", subject: { code: "nowhere" } });
    await access({ scenario }).catch(() => undefined);
    const byHour = await call("countAccesses", { query: { grant, by: "officer", per: "hour" } });
    const [row] = itemsOf<{ officer: string; time: string }>(await call("listAccesses", { query: { grant } }));
    const hour = hourOf(row?.time as Instant);
    expect(itemsOf(byHour).at(-1)).to.include({ officer: row?.officer, hour });
    const sheet = await textOf(await call("exportAccessCounts", { query: { grant } }));
    const [head = "", ...lines] = sheet.trimEnd().split("\r\n");
    expect(head).to.match(/^\uFEFFhour,provider,consumer,officer,machine,operator,/);
    expect(lines.filter((line) => line.includes(",check,")).map((line) => line.split(",").slice(-3).join())).to.include(
      "2,0,2",
      "two checks, and no to both",
    );
    expect(lines.find((line) => line.includes("HYPERLINK"))).to.include(`,'${scenario},`);
  });

  it("lets an auditor compare the logs under a mandate", async () => {
    const { officer, mandate } = await makeAuditor(world, "9100");
    operations = exchangeOperations(() => officersExchange(world.bureau.exchange, past(world)));
    const answer = await call("audit", { body: { mandate, departments: [PROVIDER, CONSUMER] } }, officer);
    const events = (await textOf(answer))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).to.deep.equal(["begun", "finding", "finding", "progress", "end"]);
    expect(events[0]?.audit).to.match(/^[0-9a-f]{16}$/);
    expect(events[1]).to.deep.include({ kind: "NOT_ANCHORED", department: PROVIDER });
    expect(events[1]?.message).to.have.keys("zh", "en");
    expect(events.at(-1)?.found).to.deep.equal(
      [PROVIDER, CONSUMER].map((department) => ({ kind: "NOT_ANCHORED", department, count: 1 })),
    );
  });
});

/** As much of a node as these operations ask for. */
function services(world: ExchangeWorld): NodeServices {
  const { ledger } = world.consumer.exchange.options;
  const asked: Pick<NodeServices, "head" | "model" | "models"> = {
    models: RELEASED,
    model: () => RELEASED.latest,
    head: async ({ noun, case: id }) => {
      const found = noun === "application" ? await ledger.head("application", id) : undefined;
      return { noun, case: id, act: found?.act ?? 0, next: (found?.act ?? 0) + 1, state: found?.state };
    },
  };
  return asked as NodeServices;
}

const past = (world: ExchangeWorld) => new NodeLedger(services(world), world.consumer.exchange.options.db);

const callerFor = ({ signer }: TestOfficer) => ({ signer, token: "" }) as NonNullable<Request["caller"]>;

const itemsOf = <T>({ body = {} }: Answer): T[] => body.items as T[];

async function textOf({ stream }: Answer): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}
