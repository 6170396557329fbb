import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Operation, Request } from "@wanlian/client/api/operation.js";
import { cellOperations } from "@wanlian/client/api/operations/access/cells.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import { NodeError } from "@wanlian/client/core/node-error.js";
import type { NodeServices } from "@wanlian/client/core/services.js";
import type { CellSearch } from "@wanlian/client/exchange/cells/own-cells.js";
import type { CellShown } from "@wanlian/client/exchange/cells/shown-cells.js";
import { officersExchange } from "@wanlian/client/running/desks/officers-exchange.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { cellDigests } from "@wanlian/model/release/row-proof.js";
import { recordId } from "@wanlian/verify/records/access-record.js";
import type { ShownAnswer } from "@wanlian/verify/records/shown-answer.js";
import { expect } from "chai";
import { asDescribed } from "../client/api/described.js";
import type { TestOfficer } from "../client/test-ledger.js";
import { type ExchangeWorld, makeExchangeWorld, type Side } from "./exchange-world.js";

interface Given {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: object;
}

const SUBJECT = { code: "0371" };

describe("a single cell found by its digest", () => {
  let world: ExchangeWorld;
  let record: Digest;
  let answer: ShownAnswer;
  let cells: CellShown[];

  before(async () => {
    world = await makeExchangeWorld();
    const grant = await world.grant(["code", "name"]);
    const ask = world.ask(grant, { subject: SUBJECT });
    const accessed = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    record = recordId(accessed.filed.signed) as Digest;
    const { payload, proofs } = accessed;
    answer = JSON.parse(JSON.stringify({ subject: SUBJECT, payload, proofs }));
    cells = await listed({ record, answer });
  });
  after(() => world.remove());

  async function call(id: string, side: Side, given: Given, officer: TestOfficer) {
    const { db } = side.exchange.options;
    const operations: readonly Operation[] = cellOperations(() => officersExchange(side.exchange, side.view.honest));
    const operation = operations.find((candidate) => candidate.id === id) ?? expect.fail(`there is no ${id}`);
    const checks = checksOf(operation);
    const asked: Pick<NodeServices, "department" | "model"> = {
      department: side.exchange.options.department,
      model: () => RELEASED.of(1),
    };
    const request: Request = {
      services: asked as NodeServices,
      ...{ db, path: checks.path(given.path ?? {}), query: checks.query(given.query ?? {}) },
      ...{ body: checks.body(given.body), language: "en", header: () => undefined },
      caller: { token: "", signer: officer.signer, session: {} } as Request["caller"],
      ...{ from: { address: "127.0.0.1", scheme: "http" }, idempotencyKey: undefined },
      ...{ isStillLoggedIn: () => true, signal: new AbortController().signal },
    };
    return asDescribed(operation, await operation.handle(request)).body;
  }
  const sought = async (digest: string, side = world.provider, query: Given["query"] = {}) =>
    (await call("findCell", side, { path: { digest }, query }, world.steward)) as unknown as CellSearch;
  const listed = async (body: object, officer = world.officer) =>
    (await call("showAnswerCells", world.consumer, { body }, officer))?.items as CellShown[];
  const codeOf = async (asked: Promise<unknown>) => {
    const error: unknown = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof NodeError || error instanceof LedgerError) return error.code;
    throw error ?? new Error("it was answered");
  };

  it("is listed by the consumer that was shown it, with its value only where that was granted", async () => {
    const values = cells.map(({ row, field, value }) => [row, field, value]);
    expect(values).to.deep.equal([
      [0, "code", "0371"],
      [0, "name", "宛城区"],
      [0, "id", undefined],
      [0, "note", undefined],
    ]);
    const [, name] = cells;
    expect(await listed({ record, answer, digest: name?.digest })).to.deep.equal([name]);
    expect(name).to.include({ release: world.release, record });
  });

  it("is found by its provider, proven to be the release's, and nothing says what it holds", async () => {
    for (const { field, digest } of cells) {
      const { found } = await sought(digest);
      expect(found).to.include({ release: world.release, field });
      const proof = found?.proof ?? expect.fail("no proof");
      const release = await world.provider.view.head("release", world.release);
      const { fields, rows, rowRoot } = RELEASED.of(1).reading.release(release?.state ?? expect.fail("no release"));
      expect(cellDigests(proof, new Map(), { fields, rows, rowRoot })[fields.indexOf(field)]).to.equal(digest);
      expect(proof.salts).to.equal("");
      expect(JSON.stringify(found)).not.to.contain("0371").and.not.to.contain("宛城区");
    }
  });

  it("is not found by trying out what it may hold: without the key of the release nobody makes its digest", async () => {
    for (const guess of ["0371\n", "\u00020371\n", "0371"]) {
      const { found, searched } = await sought(createHash("sha256").update(guess).digest("hex"));
      expect([found, searched]).to.deep.equal([undefined, [world.release]]);
    }
  });

  it("is not for others to look for: a consumer's node has no release of its own to look through", async () => {
    const digest = cells[0]?.digest ?? "";
    expect(await sought(digest, world.consumer)).to.deep.equal({ searched: [], notSearched: [] });
    const query = { release: world.release };
    expect(await codeOf(sought(digest, world.consumer, query))).to.equal("NO_SUCH_CASE");
    expect((await sought(digest, world.provider, query)).found).to.include({ field: "code" });
  });

  it("is told to whoever may open what was looked up, and to no other officer", async () => {
    const other = await world.ledger.officer("PoliceMSP", "3999", "user");
    const auditor = await world.ledger.officer("PoliceMSP", "3998", "auditor");
    expect(await codeOf(listed({ record, answer }, other))).to.equal("NOT_FOUND");
    expect(await listed({ record, answer }, auditor)).to.have.length(4);
    expect(await codeOf(listed({ record: "0".repeat(64), answer }))).to.equal("NOT_FOUND");
  });

  const changes: readonly [string, (kept: ShownAnswer) => unknown][] = [
    ["another value", ({ payload }) => Object.assign(payload, { rows: [["0371", "卧龙区"]] })],
    ["another salt", ({ proofs }) => Object.assign(proofs[0] ?? {}, { salts: Buffer.alloc(32).toString("base64") })],
    [
      "another hidden cell",
      ({ proofs }) => Object.assign(proofs[0] ?? {}, { hidden: Buffer.alloc(64).toString("base64") }),
    ],
    ["no proof", (kept) => Object.assign(kept, { proofs: [] })],
    ["another subject", (kept) => Object.assign(kept, { subject: { code: "000" } })],
  ];
  for (const [title, change] of changes) {
    it(`is not told of an answer that is not the record's and the release's: ${title}`, async () => {
      const kept = structuredClone(answer);
      change(kept);
      expect(await codeOf(listed({ record, answer: kept }))).to.equal("BAD_ANSWER");
    });
  }

  it("says which releases were not looked through: too large, or not what was registered", async () => {
    const head = await world.provider.view.head("release", world.release);
    const registered = RELEASED.of(1).reading.release(head?.state ?? expect.fail("no release"));
    const digest = cells[0]?.digest ?? expect.fail("no cell");
    const large = { release: "e".repeat(64) as TransactionId, registered: { ...registered, rows: 2_000_000 } };
    const own = { release: world.release, registered };
    const { signal } = new AbortController();
    const { found, notSearched } = await world.provider.exchange.cells.find(digest, [large, own], signal);
    expect(found).to.include({ release: world.release });
    expect(notSearched).to.deep.equal([{ release: large.release, reason: "TOO_LARGE" }]);

    const data = await readFile(world.file, "utf8");
    await writeFile(world.file, data.replace("宛城区", "卧龙区"));
    expect((await sought(digest)).notSearched).to.deep.equal([{ release: world.release, reason: "SOURCE_DIFFERS" }]);
    await writeFile(world.file, data);
  });

  it("is looked for only as long as whoever asks is there", async () => {
    const head = await world.provider.view.head("release", world.release);
    const registered = RELEASED.of(1).reading.release(head?.state ?? expect.fail("no release"));
    const own = { release: world.release, registered };
    const digest = cells[0]?.digest ?? expect.fail("no cell");
    const gone = new Error("gone");
    const asked = world.provider.exchange.cells.find(digest, [own], AbortSignal.abort(gone));
    expect(
      await asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ).to.equal(gone);
    // The next question is answered all the same.
    expect((await sought(digest)).found).to.include({ field: "code" });
  });
});
