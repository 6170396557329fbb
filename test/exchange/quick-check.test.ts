import type { Operation, Request } from "@wanlian/client/api/operation.js";
import { exchangeOperations } from "@wanlian/client/api/operations/access/exchange.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import { ApiError } from "@wanlian/client/core/api-error.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { NodeServices } from "@wanlian/client/core/services.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { asDescribed } from "../client/api/described.js";
import { rulesText } from "../quality/checking.js";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

const CSV = "code,name,id,note\n1,宛城,a,x\n2,卧龙,b,y\n";

interface Said {
  readonly passed: boolean;
  readonly rules: readonly { readonly outcome: string }[];
  readonly sources: readonly {
    readonly outcome: string;
    readonly differing?: readonly string[];
    readonly reason?: string;
    readonly code?: string;
    readonly records?: readonly string[];
  }[];
}

describe("a quick check through the node", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    grant = await world.grant(["code", "name", "note"]);
  });
  after(() => world.remove());

  /** The operation as the server calls it, on the consumer's node. */
  async function quick(body: object): Promise<Said> {
    const exchange = { consumer: world.consumer.exchange.consumer } as never;
    const operation = exchangeOperations(() => exchange).find(({ id }) => id === "quickCheck") as Operation;
    const services = {
      model: () => RELEASED.latest,
      head: async ({ noun, case: id }) => ({
        ...{ noun, case: id, act: 0, next: 1 },
        state: (await world.consumer.view.head(noun, id))?.state,
      }),
    } as Pick<NodeServices, "model" | "head"> as NodeServices;
    const request = {
      ...{ services, db: world.consumer.exchange.options.db, path: {}, query: {} },
      body: checksOf(operation).body(body),
      caller: { signer: world.officer.signer },
    } as unknown as Request;
    return asDescribed(operation, await operation.handle(request)).body as unknown as Said;
  }
  const against = (record: object, more: object = {}) =>
    quick({ record, sources: [{ grant, release: world.release, by: ["code"], ...more }] });

  const TOLD: [string, object, string, readonly string[], number][] = [
    ["a record that the release has", { code: "1", name: "宛城", note: "x" }, "agrees", [], 1],
    ["one with a cell that is otherwise", { code: "1", name: "卧龙", note: "x" }, "differs", ["name"], 4],
    ["a cell alone", { code: "1", name: "卧龙" }, "differs", ["name"], 2],
    ["one that is not there", { code: "3", name: "宛城" }, "absent", [], 2],
    ["whether there is such a row", { code: "2" }, "agrees", [], 1],
    ["one with columns that are not granted or missing", { code: "1", id: "z", name: null }, "agrees", [], 1],
  ];
  for (const [what, record, outcome, differing, accesses] of TOLD) {
    it(`tells ${what}: ${outcome}, by ${accesses} accesses on record at both sides`, async () => {
      const sizes = () => [world.provider, world.consumer].map(({ exchange }) => exchange.log.size);
      const before = sizes();
      const { sources, passed } = await against(record);
      const [said] = sources;
      expect([said?.outcome, said?.differing, passed]).to.deep.equal([outcome, differing, outcome === "agrees"]);
      expect(said?.records).to.have.length(accesses);
      expect(sizes()).to.deep.equal(before.map((size) => size + accesses));
    });
  }

  it("tells rules and sources in one answer, and fails by a rule of severity error", async () => {
    const rules = rulesText([{ check: "codes", column: "name", values: ["卧龙"] }]);
    const source = { grant, release: world.release, by: ["code"] };
    const said = await quick({ record: { code: "1", name: "宛城" }, rules, sources: [source] });
    expect([said.passed, said.rules[0]?.outcome, said.sources[0]?.outcome]).to.deep.equal([false, "failed", "agrees"]);
    expect((await quick({ record: { name: "卧龙" }, rules })).passed).to.equal(true);
  });

  it("passes a refusal on with its reason and record, and one source's silence keeps no other from answering", async () => {
    const once = await world.grant(["code"], { calls: 1 });
    const source = { grant: once, release: world.release, by: ["code"] };
    await quick({ record: { code: "1" }, sources: [source] });
    const { address } = world.provider.exchange;
    const both = { record: { code: "1" }, sources: [source, { grant, release: world.release, by: ["code"] }] };
    const refused = await quick(both);
    expect(refused.sources.map(({ outcome, reason }) => [outcome, reason])).to.deep.equal([
      ["refused", "QUOTA_EXCEEDED"],
      ["agrees", undefined],
    ]);
    world.addresses.delete("CivilMSP");
    try {
      const away = await quick(both);
      expect(away.sources.map(({ outcome, code }) => [outcome, code])).to.deep.equal([
        ["noAnswer", "UNREACHABLE"],
        ["noAnswer", "UNREACHABLE"],
      ]);
      expect(away.passed).to.equal(false);
    } finally {
      world.addresses.set("CivilMSP", address);
    }
  });

  it("is refused before anything is asked: by no rule and no source, or a key that the record has not", async () => {
    const size = world.consumer.exchange.log.size;
    const refusal = async (body: object) => {
      const error = await quick(body).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      return error instanceof ApiError || error instanceof ExchangeError ? error.code : String(error);
    };
    expect(await refusal({ record: { code: "1" } })).to.equal("BAD_REQUEST");
    expect(await refusal({ record: {}, rules: rulesText([]) })).to.equal("BAD_REQUEST");
    expect(await refusal({ record: { name: "x" }, sources: [{ grant, by: ["code"] }] })).to.equal("BAD_REQUEST");
    expect(await refusal({ record: { id: "x" }, sources: [{ grant, by: ["id"] }] }), "not granted").to.equal(
      "BAD_REQUEST",
    );
    expect(await refusal({ record: { code: "1" }, sources: [{ grant: "0".repeat(64), by: ["code"] }] })).to.equal(
      "NO_SUCH_CASE",
    );
    expect(world.consumer.exchange.log.size).to.equal(size);
  });
});
