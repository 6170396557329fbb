import type { Answer, Request } from "@wanlian/client/api/operation.js";
import { callOperations } from "@wanlian/client/api/operations/access/calls.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import type { NodeError } from "@wanlian/client/core";
import type { Role } from "@wanlian/model/roles.js";
import { expect } from "chai";
import { asDescribed } from "../client/api/described.js";
import { CONSUMER, DATASET, PROVIDER } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record, SECRET } from "./calls-world.js";

describe("the API of calls over the platform", () => {
  let calls: CallsWorld;
  before(async () => {
    calls = await makeCallsWorld();
  });
  after(() => calls.remove());

  async function call(
    id: string,
    given: { query?: Record<string, string>; body?: unknown; secret?: string; roles?: Role[] },
  ): Promise<Answer> {
    const operation = callOperations(() => calls.provider.ofOfficers).find((candidate) => candidate.id === id);
    if (operation === undefined) throw new Error(`there is no ${id}`);
    const checks = checksOf(operation);
    const { secret, roles = ["steward"] } = given;
    const asked: Pick<Request, "path" | "query" | "body" | "language" | "caller" | "services" | "header"> = {
      path: checks.path({}),
      query: checks.query(given.query ?? {}),
      body: checks.body(given.body),
      language: "en",
      services: { now: () => "2026-03-02T04:00:00Z" } as never,
      caller: { session: { officer: { officer: "2001", roles } } } as never,
      header: (name) => (name === "authorization" && secret !== undefined ? `Bearer ${secret}` : undefined),
    };
    operation.admit?.(asked.header);
    return asDescribed(operation, await operation.handle(asked as Request));
  }
  const refusal = async (asked: Promise<Answer>) =>
    asked.then(
      () => undefined,
      (error: NodeError) => error.code,
    );

  it("takes what the platform pushes with its secret, and nothing without", async () => {
    const body = { records: [record("1"), record("2", { 调用时间: "2026-03-02 11:30:00" }), {}] };
    const { body: taken } = await call("pushCalls", { body, secret: SECRET });
    expect(taken).to.include({ taken: 2, withoutGrant: 1, doubled: 0 });
    expect(taken?.refused).to.have.lengthOf(1);
    for (const secret of [undefined, "", "x", `${SECRET} `])
      expect(await refusal(call("pushCalls", { body, ...(secret === undefined ? {} : { secret }) }))).to.equal(
        "NOT_LOGGED_IN",
      );
    expect(await refusal(call("pushCalls", { body: { records: [] }, secret: SECRET }))).to.equal("BAD_REQUEST");
  });

  it("shows each with what the ledger and the other side say, and those without a grant by themselves", async () => {
    const all = itemsOf(await call("listCalls", {}));
    expect(all.map(({ call: number }) => number)).to.deep.equal(["2", "1"]);
    expect(all[0]).to.include({ kind: "call", road: "platform", reason: "GRANT_REVOKED", otherSide: "open" });
    const without = itemsOf(await call("listCalls", { query: { pick: "withoutGrant" } }));
    expect(without.map(({ call: number }) => number)).to.deep.equal(["2"]);
    const first = await call("listCalls", { query: { limit: "1" } });
    const second = await call("listCalls", { query: { limit: "1", cursor: String(first.body?.next) } });
    expect([...itemsOf(first), ...itemsOf(second)]).to.deep.equal(all);
  });

  it("takes the word of a steward or user on a file that was handed over, and of nobody else", async () => {
    const body = { dataset: DATASET, provider: PROVIDER, consumer: CONSUMER, digest: "ab".repeat(32), rows: 3 };
    expect((await call("stateHandover", { body })).body).to.include({ taken: 1, withoutGrant: 1 });
    expect((await call("stateHandover", { body })).body).to.include({ taken: 0, doubled: 1 });
    expect(await refusal(call("stateHandover", { body, roles: ["auditor"] }))).to.equal("ROLE_MISSING");
  });

  it("lists notes with words in both languages", async () => {
    const [note] = itemsOf(await call("listCallNotes", { query: { code: "MEMBER_MISSING" } }));
    expect(note?.message).to.have.keys("zh", "en");
    expect(itemsOf(await call("listLackingCalls", {}))).to.deep.equal([]);
  });
});

const itemsOf = ({ body = {} }: Answer) => body.items as Record<string, unknown>[];
