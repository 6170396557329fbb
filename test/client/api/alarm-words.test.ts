import { alarmWords } from "@wanlian/client/api/alarm-words.js";
import type { VoidDetail } from "@wanlian/client/core/index.js";
import { expect } from "chai";

const found: VoidDetail = {
  code: "UNSEALED",
  transaction: "ab12",
  department: "CivilMSP",
  officer: "0201",
  acts: [{ noun: "dataset", case: "CivilMSP/births", number: 3 }],
  moreActs: 0,
  endorsers: ["HealthMSP", "PoliceMSP"],
  keys: [],
};

describe("an alarm of the ledger's, told to people", () => {
  const told = (detail: VoidDetail, departments: readonly string[]) =>
    alarmWords({ kind: "VOID_ACT", message: "m", departments, detail });

  it("says in both languages what and where it is, whose, why it does not count, and who endorsed it", () => {
    const { zh, en } = told(found, found.endorsers);
    expect(zh).to.equal(
      "数据资源 CivilMSP/births 第3项行为（提交人 CivilMSP 0201，交易 ab12）不计入：未加封；背书部门：HealthMSP、PoliceMSP",
    );
    expect(en).to.equal(
      "act 3 of dataset CivilMSP/births by CivilMSP 0201 (transaction ab12) does not count: it was not sealed; endorsed by HealthMSP, PoliceMSP",
    );
  });

  it("says of endorsers who are not accused that they may not have known", () => {
    const { zh, en } = told({ ...found, code: "MOVED" }, []);
    expect(zh).to.contain("未必知情");
    expect(en).to.contain("may not have known");
    expect(told({ ...found, endorsers: [] }, []).en).not.to.contain("known");
  });

  it("counts what it does not name, and says so of what is no act", () => {
    expect(told({ ...found, moreActs: 9_981 }, []).zh).to.contain("等共9982项");
    expect(told({ ...found, moreActs: 9_981 }, []).en).to.contain("and 9981 more");
    const none = { ...found, acts: [], officer: "" };
    expect(alarmWords({ kind: "KEY_OUTSIDE_ACTS", message: "m", departments: [], detail: none })).to.deep.include({
      en: "a write outside the acts by CivilMSP (transaction ab12) does not count: it was not sealed; it rests on what void acts claim, so that whoever endorsed it may not have known; endorsed by HealthMSP, PoliceMSP",
    });
  });

  it("says what differs between configuration and acts", () => {
    const difference = { kind: "CONFIGURATION_BEYOND_ACTS", message: "it holds X", departments: ["XMSP"] };
    expect(alarmWords({ ...difference, detail: { zh: "含有 X" } })).to.deep.equal({ zh: "含有 X", en: "it holds X" });
  });
});
