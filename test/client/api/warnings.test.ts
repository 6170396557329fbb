import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, DATASET, HEALTH, openChannel } from "./world.js";

const ID = "ab".repeat(32);

describe("warnings over the API", () => {
  let world: ApiWorld;
  let steward: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    steward = await world.logIn("CA-1");
    const about = { provider: CIVIL, consumer: HEALTH, dataset: DATASET, officer: "", grant_case: "" };
    const figures = JSON.stringify({ accesses: 1200, refused: 900, refusedShare: 30, reason: "FIELD_NOT_GRANTED" });
    const when = { day: "2026-09-21", raised: "2026-09-21T01:00:00Z", position: 7 };
    await world.ledger.db
      .insertInto("local.warnings")
      .values({ id: ID, kind: "REFUSALS", ...about, ...when, figures })
      .execute();
  });
  after(() => world.stop());

  it("say why in both languages, and which question finds the records behind them", async () => {
    const { status, get } = await world.call("GET", "/warnings", { token: steward });
    expect(status).to.equal(200);
    expect(get("items.0.message.zh")).to.equal("1,200次中900次被拒（达30%即预警），多因：含未授权的字段；请去掉");
    expect(get("items.0.message.en")).to.match(/^900 of 1,200 were refused \(30% are enough\), most for: /);
    expect(get("items.0")).to.not.have.any.keys("officer", "grant", "grant_case", "position");
    expect(get("items.0.records")).to.deep.equal({
      ...{ provider: CIVIL, consumer: HEALTH, dataset: DATASET },
      ...{ since: "2026-09-20T16:00:00Z", until: "2026-09-21T15:59:59Z" },
    });
  });

  it("are for officers of the department alone", async () => {
    expect((await world.call("GET", "/warnings")).status).to.equal(401);
    const body = { note: "checked" };
    expect((await world.call("POST", `/warnings/${ID}/marks`, { body })).status).to.equal(401);
  });

  it("are settled by who looks after data or node, not by who only uses data, and not without a reason", async () => {
    const mark = async (officer: string, note: string) => {
      const token = await world.logIn(officer);
      const { status, get } = await world.call("POST", `/warnings/${ID}/marks`, { token, body: { note } });
      return [status, get("code")];
    };
    expect(await mark("CA-3", "nothing to see here")).to.deep.equal([403, "ROLE_MISSING"]);
    expect(await mark("CA-2", "ok")).to.deep.equal([400, "BAD_REQUEST"]);
    expect(await mark("CA-2", "a census, agreed on")).to.deep.equal([204, undefined]);
    expect((await world.call("GET", "/warnings", { token: steward })).get("items")).to.deep.equal([]);
    const all = await world.call("GET", "/warnings?shown=all", { token: steward });
    expect(all.get("items.0.marks.0")).to.include({ officer: "CA-2", note: "a census, agreed on" });
  });
});
