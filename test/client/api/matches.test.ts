import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { runWanlian } from "../cli/wanlian.js";
import { PASSPHRASE } from "../keys/officer.js";
import { type ApiWorld, apiWorld, ENTRY, HEALTH, openChannel } from "./world.js";

const field = (name: string, meaning: string) => ({ name, type: "字符型", meaning, sensitivity: 1 });

/** What other departments have listed, by code. */
const LISTED = {
  marriages: {
    name: "婚姻登记信息",
    abstract: "结婚、离婚登记的结果",
    category: ["民政", "婚姻"],
    fields: [field("certificate", "证件号码"), field("status", "婚姻状况")],
  },
  births: {
    name: "出生医学证明",
    abstract: "出生登记",
    category: ["卫生", "人口"],
    fields: [field("mother", "母亲姓名"), field("born", "出生日期")],
  },
  clinics: {
    name: "Clinic register",
    abstract: "Licensed clinics",
    category: ["health"],
    fields: [field("licence", "Number of the licence"), field("address", "Address")],
  },
};

interface Match {
  readonly dataset: string;
  readonly nearness: number;
  readonly found: readonly { readonly place: string; readonly words: readonly string[] }[];
}

describe("datasets that come near to a demand", () => {
  let world: ApiWorld;
  let token: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    for (const [code, entry] of Object.entries(LISTED)) {
      const body = { ...ENTRY, ...entry, code };
      await world.ledger.act(HEALTH, ["steward"], {
        noun: "dataset",
        type: "register",
        case: `${HEALTH}/${code}`,
        body,
      });
    }
    const own = { ...ENTRY, ...LISTED.marriages, code: "own" };
    await world.ledger.act("CivilMSP", ["steward"], {
      noun: "dataset",
      type: "register",
      case: "CivilMSP/own",
      body: own,
    });
    token = await world.logIn("CA-1");
  });
  after(() => world.stop());

  const asked = async (path: string) => (await world.call("GET", path, { token })).get("items") as Match[];
  const byWords = (text: string) => asked(`/catalogue/matches?${new URLSearchParams({ text })}`);
  const publish = async (name: string, description: string) => {
    const body = { name, description, purpose: "verification", duty: "婚姻法", addressee: HEALTH };
    return String((await world.file(token, "/demands", body)).get("act.case"));
  };

  it("are found by names, fields, categories and summaries, the nearest first, never the department's own", async () => {
    const demand = await publish("婚姻状况核对", "核对申请人的婚姻登记，并看证件号码");
    const matches = await asked(`/demands/${demand}/matches`);
    expect(matches.map(({ dataset }) => dataset)).to.deep.equal([`${HEALTH}/marriages`, `${HEALTH}/births`]);
    const [nearest, other] = matches;
    expect(nearest?.found).to.deep.equal([
      { place: "name", words: ["婚姻登记"] },
      { place: "fields", words: ["婚姻状况", "证件号码"] },
      { place: "category", words: ["婚姻"] },
      { place: "abstract", words: ["登记"] },
    ]);
    expect(other?.found).to.deep.equal([{ place: "abstract", words: ["登记"] }]);
    expect(nearest?.nearness).to.be.greaterThan(other?.nearness ?? 0);
  });

  for (const [title, text, codes] of [
    ["by an English word, whatever its case", "LICENCE of clinics", ["clinics"]],
    ["by a Chinese word within a longer one", "出生日期", ["births"]],
    ["in full-width letters too", "ｃｌｉｎｉｃ", ["clinics"]],
    ["not by a single character, nor by what nobody has listed", "婚 车辆轨迹", []],
    ["not by signs alone", "%_\\!'\"", []],
  ] as const) {
    it(`are found ${title}`, async () => {
      const found = (await byWords(text)).map(({ dataset }) => dataset.slice(dataset.indexOf("/") + 1));
      expect(found.filter((code) => code !== "own")).to.deep.equal(codes);
    });
  }

  it("are those that stand: one that was withdrawn is none", async () => {
    const gone = `${HEALTH}/gone`;
    const body = { ...ENTRY, ...LISTED.births, code: "gone" };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", case: gone, body });
    expect((await byWords("出生")).map(({ dataset }) => dataset)).to.include(gone);
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "withdraw", case: gone, body: {} });
    expect((await byWords("出生")).map(({ dataset }) => dataset)).not.to.include(gone);
  });

  it("are asked of a demand that is there, by whatever text", async () => {
    expect((await world.call("GET", `/demands/${"a".repeat(64)}/matches`, { token })).get("code")).to.equal(
      "NO_SUCH_CASE",
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), async (text) => {
        for (const { nearness } of await byWords(text)) expect(nearness).to.be.within(1, 10_000);
      }),
      { numRuns: 30 },
    );
  });

  it("are listed at the command line, by a demand's short id or by words", async () => {
    const directory = await mkdtemp(join(tmpdir(), "wanlian-matches-"));
    const demand = await publish("出生日期", "核对");
    const at = { WANLIAN_NODE: world.base.replace("/api/v1", ""), WANLIAN_PASSPHRASE: PASSPHRASE, LANG: "zh_CN.UTF-8" };
    const wanlian = (...argv: string[]) =>
      runWanlian(argv, { ...at, WANLIAN_SESSION: join(directory, "session.json") });
    expect((await wanlian("login", "CA-1")).code).to.equal(0);
    for (const asking of [[demand.slice(0, 12)], ["--text", "出生日期"]]) {
      const { code, out } = await wanlian("demand", "matches", ...asking);
      expect(code).to.equal(0);
      expect(out).to.match(/HealthMSP\/births\s+出生医学证明\s+有条件共享\s+\S+%\s+名称: 出生; 字段: 出生日期/u);
    }
    await rm(directory, { recursive: true, force: true });
  });

  it("are those of one nearness by their ids, and found by no word that most of a large catalogue has", async () => {
    const alike = { ...ENTRY, ...LISTED.clinics, name: "Schools", abstract: "公开目录", category: ["教育"] };
    for (const code of ["s7", "s3", "s9", "s1", "s5", "s8", "s2", "s6", "s4"]) {
      const body = { ...alike, code };
      const id = `${HEALTH}/${code}`;
      await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", case: id, body });
    }
    const words = (await byWords("公开目录 clinic licence 婚姻登记"))
      .flatMap(({ found }) => found)
      .flatMap((one) => one.words);
    expect(words).to.include("婚姻登记").and.not.include("公开目录");
    expect(await byWords("公开目录 schools")).to.deep.equal([]);
    const body = { ...ENTRY, ...LISTED.births, code: "alike" };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", case: `${HEALTH}/alike`, body });
    expect((await byWords("出生日期")).map(({ dataset }) => dataset)).to.deep.equal([
      `${HEALTH}/alike`,
      `${HEALTH}/births`,
    ]);
  });
});
