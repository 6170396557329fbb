import { wholeId, withWholeIds } from "@wanlian/client/cli/commands/short-id.js";
import { Json } from "@wanlian/client/cli/json.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";

const IDS = ["a".repeat(64), `${"a".repeat(6)}${"b".repeat(58)}`, "c".repeat(64)];

/** A node that has these cases. */
const node = {
  asked: 0,
  async all(_path: string, { begins = "" }: Readonly<Record<string, string | undefined>>, wanted = Infinity) {
    this.asked += 1;
    return IDS.filter((id) => id.startsWith(begins))
      .slice(0, wanted)
      .map((id) => new Json({ case: id }));
  },
};

describe("a case's id that was typed", () => {
  const nounOf = (name: string): NounDefinition => {
    const noun = model1.nouns[name];
    if (noun === undefined) throw new Error(`no noun ${name}`);
    return noun;
  };
  const [objection, dataset] = [nounOf("objection"), nounOf("dataset")];
  const refusal = (typed: string) =>
    wholeId(node, objection, typed).then(
      () => "",
      (error: Error) => error.message,
    );

  it("is completed where one case alone begins so, in whatever letters", async () => {
    expect(await wholeId(node, objection, "cccccc")).to.equal(IDS[2]);
    expect(await wholeId(node, objection, "AAAAAAB")).to.equal(IDS[1]);
  });

  it("is refused where several begin so, or none", async () => {
    expect(await refusal("aaaaaa")).to.equal("More than one objection begins with aaaaaa; type more of it.");
    expect(await refusal("dddddd")).to.equal("No objection begins with dddddd; check the id.");
  });

  it("is completed wherever else a case is named by its number, and nothing else is", async () => {
    const typed = { grant: "cccccc", release: "AAAAAAB", derivedFrom: ["cccccc"], code: "cccccc", rows: 3 };
    const whole = { ...typed, grant: IDS[2], release: IDS[1], derivedFrom: [IDS[2]] };
    expect(await withWholeIds(node, model1, typed)).to.deep.equal(whole);
  });

  it("is completed for what the command means by the word, by the rules in force", async () => {
    const asked: string[] = [];
    const told = {
      all(path: string, query: { readonly begins?: string }, wanted?: number) {
        asked.push(path);
        return node.all(path, query, wanted);
      },
    };
    const typed = { incident: "cccccc", revises: "cccccc" };
    const whole = { incident: IDS[2], revises: IDS[2] };
    expect(await withWholeIds(told, model2, typed, "product.register")).to.deep.equal(whole);
    expect(await withWholeIds(told, model2, typed, "release.register")).to.deep.equal(whole);
    expect(asked).to.deep.equal(["/products", "/incidents", "/releases", "/incidents"]);
  });

  it("is left alone where it is whole, too short to mean one, or a name", async () => {
    const before = node.asked;
    for (const typed of [IDS[0] ?? "", "ccccc", "Civil"]) expect(await wholeId(node, objection, typed)).to.equal(typed);
    expect(await wholeId(node, dataset, "cccccc")).to.equal("cccccc");
    expect(node.asked).to.equal(before);
  });
});
