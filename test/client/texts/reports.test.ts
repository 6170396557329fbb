import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import { MAX_PAGE } from "@wanlian/client/read/paging.js";
import { reportRoutes } from "@wanlian/client/running/desks/report-desk.js";
import type { AskForReport } from "@wanlian/client/texts/reports.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { FakeChannel } from "../api/fake-ledger.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, DATASET, ENTRY, HEALTH, openChannel } from "../api/world.js";

const POLICE = "PoliceMSP";
const digestOf = (report: object) => createHash("sha256").update(canonicalJson(report)).digest("hex");

const result = { id: "code-there", check: "notNull", columns: ["code"], passed: false, checked: 2, failing: 1 };
/** A report that shows a row, and one that does not. */
const WITH_ROWS = {
  format: "wanlian-quality-report/1",
  results: [{ ...result, sample: [["宛城区"]], sampleColumns: ["name"] }],
};
const BARE = { ...WITH_ROWS, results: [{ ...result, sample: [], sampleColumns: ["name"] }] };

const stating = (report: object) => ({
  ...{ kind: "selfCheck", dataset: DATASET, root: "a".repeat(64), rows: 2 },
  rules: { id: "divisions", revision: 1, digest: "b".repeat(64) },
  ...{ report: digestOf(report), engine: "wanlian-quality/1 duckdb/1.5.6" },
  outcomes: { rules: 1, failed: 1, errors: 1 },
  scores: [{ dimension: "completeness", ratio: 5000 }],
});

describe("the report of an assessment", () => {
  let civil: ApiWorld;
  let health: ApiWorld;
  let steward: string;
  let user: string;
  /** What civil affairs' node hands over to health's, or how it is bent. */
  let bend: (report: unknown) => unknown;
  const asked: string[] = [];

  before(async () => {
    bend = (report) => report;
    const channel = await FakeChannel.open();
    civil = await apiWorld({ channel, enrolled: { "0201": ["steward"] } });
    const askForReport: AskForReport = async (department, assessment) => {
      asked.push(`${department} ${assessment}`);
      return bend((await handedTo(HEALTH, assessment)).report);
    };
    health = await apiWorld({ department: HEALTH, channel, enrolled: { "0402": ["user"] }, askForReport });
    await openChannel(civil);
    steward = await civil.logIn("0201");
    user = await health.logIn("0402");
    await civil.file(steward, "/datasets", { ...ENTRY, code: "divisions" });
  });
  after(async () => {
    await civil.stop();
    await health.stop();
  });

  /** Asks a node's desk as its gateway would, for a department that TLS has told apart: civil affairs', unless told. */
  async function handedTo(from: string, assessment: string, by = civil): Promise<{ readonly report: unknown }> {
    const { db, department } = by.ledger;
    const [[, handler] = expect.fail("there is no route")] = reportRoutes(db, department as MspId, by.ledger);
    let handled = Promise.resolve();
    const desk = createServer((request, response) => {
      handled = handler({ from: from as MspId, request, response, rest: "" });
      handled.catch(() => response.end());
    });
    await once(desk.listen(0, "127.0.0.1"), "listening");
    const { port } = desk.address() as AddressInfo;
    try {
      const body = JSON.stringify({ assessment });
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body });
      await handled;
      return (await answer.json()) as { readonly report: unknown };
    } finally {
      desk.close();
      desk.closeAllConnections();
    }
  }

  /** Why civil affairs' desk hands nothing over. */
  const refusalTo = async (from: string, assessment: string, by = civil): Promise<string> => {
    try {
      await handedTo(from, assessment, by);
    } catch (error) {
      if (error instanceof LedgerError) return error.code;
      throw error;
    }
    return expect.fail(`${from} got it`);
  };

  const state = async (report: object) => {
    const stated = await civil.file(steward, "/assessments", stating(report));
    const id = String(stated.get("act.case"));
    expect((await put(id, report)).status).to.equal(204);
    return id;
  };
  const put = (id: string, report: unknown) =>
    civil.call("POST", `/assessments/${id}/report`, { token: steward, body: { report } });
  const read = (id: string) => health.call("GET", `/assessments/${id}/report`, { token: user });

  it("is kept by the node where it gives the digest on the ledger, and no other is", async () => {
    const id = await state(BARE);
    const shown = await civil.call("GET", `/assessments/${id}/report`, { token: steward });
    expect([shown.status, shown.get("report"), shown.get("author")]).to.deep.equal([200, BARE, CIVIL]);
    for (const other of [WITH_ROWS, {}, { ...BARE, results: "none" }]) {
      expect((await put(id, other)).get("code"), JSON.stringify(other)).to.equal("BAD_REQUEST");
    }
    expect((await put("0".repeat(64), BARE)).get("code")).to.equal("NO_SUCH_CASE");
  });

  it("is kept where it is larger than an act can be, and not where it is larger than a report can be", async () => {
    const large = {
      ...BARE,
      results: Array.from({ length: 1000 }, () => ({ ...BARE.results[0], id: "x".repeat(300) })),
    };
    await state(large);
    const huge = { ...BARE, note: "x".repeat(4 * 1024 * 1024) };
    const stated = await civil.file(steward, "/assessments", stating(huge));
    expect((await put(String(stated.get("act.case")), huge)).get("code")).to.equal("BODY_TOO_LARGE");
  });

  it("that shows rows goes to who states it and who provides the data, whatever is granted", async () => {
    const id = await state(WITH_ROWS);
    expect((await handedTo(CIVIL, id)).report).to.deep.equal(WITH_ROWS);
    for (const from of [HEALTH, BUREAU, POLICE]) expect(await refusalTo(from, id), from).to.equal("NOT_PERMITTED");
    await grantTo();
    expect(await refusalTo(HEALTH, id), "with a grant").to.equal("NOT_PERMITTED");
  });

  it("that shows no rows goes to who holds a grant and to the bureau, and to nobody else", async () => {
    const id = await state(BARE);
    const other = await civil.file(steward, "/datasets", { ...ENTRY, code: "births" });
    expect(other.status).to.equal(201);
    const births = await civil.file(steward, "/assessments", { ...stating(BARE), dataset: `${CIVIL}/births` });
    const ofOther = String(births.get("act.case"));
    await put(ofOther, BARE);
    await grantTo();
    expect((await handedTo(HEALTH, id)).report).to.deep.equal(BARE);
    expect((await handedTo(BUREAU, id)).report).to.deep.equal(BARE);
    expect(await refusalTo(POLICE, id)).to.equal("NOT_PERMITTED");
    expect(await refusalTo(HEALTH, ofOther), "of a dataset that it holds no grant on").to.equal("NOT_PERMITTED");
    await civil.file(steward, `/assessments/${id}/withdraw`, { reasons: { text: "看错了" } });
    expect(await refusalTo(HEALTH, id), "taken back").to.equal("NOT_PERMITTED");
  });

  it("goes to who holds a grant, however many others it held since that have ended", async () => {
    const id = await state({ ...BARE, asOf: "2026-09-20" });
    await grantTo();
    const { db } = civil.ledger;
    const held = db
      .selectFrom("cases")
      .selectAll()
      .where("noun", "=", "application")
      .where("case_id", "=", granted ?? "");
    const one = await held.executeTakeFirstOrThrow();
    const ended = { ...JSON.parse(one.state), grant: { ...JSON.parse(one.state).grant, to: "2026-09-21T00:00:00Z" } };
    const ids = Array.from({ length: MAX_PAGE }, (_, at) => at.toString(16).padStart(64, "0"));
    const later = { ...one, state: JSON.stringify(ended), changed_block: Number(one.changed_block) + 1 };
    const names = ids.map((case_id) => ({ noun: "application", case_id }));
    await db.transaction().execute(async (transaction) => {
      const cases = names.map((name, at) => ({ ...later, ...name, changed_tx: at }));
      const parties = names.map((name) => ({ ...name, department: HEALTH, relation: "consumer" as const }));
      const references = names.map((name) => ({ ...name, to_noun: "dataset", to_case: DATASET }));
      for (const one of cases) await transaction.insertInto("cases").values(one).execute();
      await transaction.insertInto("parties").values(parties).execute();
      await transaction.insertInto("case_references").values(references).execute();
    });
    try {
      expect((await handedTo(HEALTH, id)).report).to.have.property("asOf");
    } finally {
      for (const table of ["cases", "parties", "case_references"] as const) {
        await db.deleteFrom(table).where("case_id", "in", ids).execute();
      }
    }
  });

  it("is not handed on by a department that has it from its author", async () => {
    const id = await state({ ...BARE, asOf: "2026-09-21" });
    await grantTo();
    expect((await read(id)).status).to.equal(200);
    expect(await refusalTo(BUREAU, id, health)).to.equal("NOT_FOUND");
    expect((await handedTo(BUREAU, id)).report).to.have.property("asOf");
    expect(await refusalTo(BUREAU, "1".repeat(64)), "there is no such assessment").to.equal("NOT_FOUND");
  });

  it("is asked of its author's node, taken only if it gives the digest, and kept", async () => {
    await grantTo();
    const id = await state({ ...BARE, asOf: "2026-09-22" });
    for (const liar of [WITH_ROWS, { ...BARE, asOf: "2026-09-23" }, null, "report", { results: [] }]) {
      bend = () => liar;
      expect((await read(id)).get("code"), JSON.stringify(liar)).to.equal("BAD_ANSWER");
    }
    bend = () => {
      throw new ExchangeError("UNREACHABLE", "the node is away");
    };
    expect((await read(id)).get("code")).to.equal("UNREACHABLE");
    bend = (report) => report;
    expect((await read(id)).get("report.asOf")).to.equal("2026-09-22");
    const before = asked.length;
    expect((await read(id)).get("report.asOf")).to.equal("2026-09-22");
    expect(asked, "it is here by now").to.have.length(before);
  });

  let granted: string | undefined;
  /** A grant on the divisions, health's. */
  async function grantTo(): Promise<void> {
    if (granted !== undefined) return;
    const frequency = { calls: 1, per: "day" };
    const wish = { dataset: DATASET, fields: ["code"], purpose: "lookup", scenario: "s", duty: "d", frequency };
    const applied = await health.file(user, "/applications", {
      ...{ ...wish, kind: "ordinary", from: "2026-09-21", to: "2026-12-31" },
    });
    granted = String(applied.get("act.case"));
    const { dataset, fields } = wish;
    const answer = await civil.file(steward, `/applications/${granted}/grant`, {
      ...{ dataset, fields, frequency, from: "2026-09-21", to: "2026-12-31" },
    });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
  }
});
