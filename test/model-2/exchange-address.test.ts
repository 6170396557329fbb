import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { BUREAU, CIVIL, divisions, founding, POLICY_1 } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const administrator = officer(CIVIL, "administrator");
const officers = { name: "民政局", level: "municipal", head: "0201", deputy: "0202", stewards: ["0203"] };
const update = (more: object = {}) =>
  ({ noun: "member", type: "update", case: CIVIL, body: { ...officers, ...more } }) as const;
const opened = () => World.withDataset(divisions, { model: 2 });
const stated = (world: World) =>
  model2.reading.exchangeAddress(world.head({ noun: "member", case: CIVIL }).state as never);

describe("where a department's exchange is", () => {
  it("is what it says on the ledger, until it says something else", () => {
    const world = opened();
    expect(stated(world)).to.equal(undefined);
    world.act(administrator, update({ exchange: "exchange.civil.example:17114" }));
    expect(stated(world)).to.equal("exchange.civil.example:17114");
    world.act(administrator, update({ deputy: "0209" }));
    expect(stated(world)).to.equal("exchange.civil.example:17114");
    world.act(administrator, update({ exchange: "[2001:db8::1]:443" }));
    expect(stated(world)).to.equal("[2001:db8::1]:443");
  });

  it("can be said with the membership that a founder takes up", () => {
    const world = new World();
    const body = { ...POLICY_1, ...founding, model: 2 };
    world.act(officer(BUREAU, "administrator"), { noun: "policy", type: "open", body });
    world.tick("2026-09-28T01:00:00Z");
    const join = { noun: "member", type: "join", body: { ...officers, exchange: "10.1.2.3:17114" } } as const;
    world.act(administrator, join);
    expect(stated(world)).to.equal("10.1.2.3:17114");
  });

  it("is for its own administrator alone to say", () => {
    const body = update({ exchange: "evil.example:443" });
    expect(opened().refusal(officer(BUREAU, "administrator"), body).code).to.equal("NOT_OWNER");
    expect(opened().refusal(officer(CIVIL, "steward"), body).code).to.equal("NOT_PERMITTED");
  });

  for (const wrong of [
    "civil.example",
    "civil.example:0",
    "https://civil.example:443",
    "a b:443",
    "user@civil:443",
    "",
  ])
    it(`is no address: ${JSON.stringify(wrong)}`, () =>
      expect(opened().refusal(administrator, update({ exchange: wrong })).code).to.equal("INVALID_INPUT"));

  it("is not read by version 1", () => {
    expect(model1.reading.exchangeAddress({ exchange: "civil.example:443" } as never)).to.equal(undefined);
  });
});
