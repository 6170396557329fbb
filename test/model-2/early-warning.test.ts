import { DEFAULT_EARLY_WARNING } from "@wanlian/model/early-warning.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { BUREAU, divisions, POLICY_1 } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const administrator = officer(BUREAU, "administrator");
const { calendar: _calendar, ...RULES } = POLICY_1 as Readonly<Record<string, unknown>>;

describe("thresholds of early warning", () => {
  const amending = (earlyWarning: object | undefined, from = "2026-09-29") => ({
    ...({ noun: "policy", type: "amend", case: "policy" } as const),
    body: { ...RULES, model: 2, from, ...(earlyWarning === undefined ? {} : { earlyWarning }) },
  });
  const opened = (more: object = {}) => World.withDataset(divisions, { model: 2, ...more });

  it("are policy: in force from their day, and none where a policy names none", () => {
    const world = opened({ earlyWarning: DEFAULT_EARLY_WARNING });
    world.act(administrator, amending({ ...DEFAULT_EARLY_WARNING, volumeTimes: 7 }));
    world.act(administrator, amending(undefined, "2026-09-30"));
    const at = (time: string) =>
      model2.reading.policy(world.head({ noun: "policy", case: "policy" }).state as never, time as Instant)
        .earlyWarning;
    expect(at("2026-09-28T02:00:00Z")).to.deep.equal(DEFAULT_EARLY_WARNING);
    expect(at("2026-09-29T02:00:00Z")?.volumeTimes).to.equal(7);
    expect(at("2026-09-30T02:00:00Z")).to.equal(undefined);
  });

  it("are whole, and each within what it can mean", () => {
    const world = opened();
    const { quietTo: _, ...some } = DEFAULT_EARLY_WARNING;
    for (const wrong of [some, { ...DEFAULT_EARLY_WARNING, quietFrom: 24 }, { ...DEFAULT_EARLY_WARNING, noShare: 0 }]) {
      expect(world.refusal(administrator, amending(wrong)).code, JSON.stringify(wrong)).to.equal("INVALID_INPUT");
    }
  });
});
