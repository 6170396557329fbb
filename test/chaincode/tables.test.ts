import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";

/** The framework tells on standard output what it decorates, unless it is told not to before it is loaded. */
async function loaded() {
  process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
  return await import("@wanlian/chaincode/contracts/commands.js");
}
let commandContracts: Awaited<ReturnType<typeof loaded>>["commandContracts"];

/** What a version's contracts can be called for, by class. */
const methods = (models: readonly Model[]): Record<string, string[]> =>
  Object.fromEntries(
    commandContracts(models).map((Contract) => [
      Contract.name,
      Object.getOwnPropertyNames(Contract.prototype)
        .filter((name) => name !== "constructor")
        .sort(),
    ]),
  );

const classOf = (noun: string) => `${noun.charAt(0).toUpperCase()}${noun.slice(1)}Contract`;

/** Version 1 with other rows of one noun. */
const changed = (noun: string, rows: (table: NounDefinition["commands"]) => NounDefinition["commands"]): Model => {
  const table = model1.nouns[noun];
  if (table === undefined) throw new RangeError(`no ${noun}`);
  return { ...model1, version: 9, nouns: { ...model1.nouns, [noun]: { ...table, commands: rows(table.commands) } } };
};

describe("contracts", () => {
  before(async () => {
    ({ commandContracts } = await loaded());
  });

  it("have no list of their own: a method for each row of the tables of all versions, and no other", () => {
    const rows: Record<string, string[]> = {};
    for (const noun of RELEASED.all.flatMap((model) => Object.values<NounDefinition>(model.nouns))) {
      const name = classOf(noun.name);
      rows[name] = [...new Set([...(rows[name] ?? []), ...Object.keys(noun.commands)])].sort();
    }
    expect(methods(RELEASED.all)).to.deep.equal(rows);
  });

  it("have a row more where a table has one more, and one less where it has one less", () => {
    const now = methods([model1]);
    const [first = ""] = Object.keys(model1.nouns.demand?.commands ?? {});
    const added = changed("demand", (rows) => ({ ...rows, ponder: rows[first] as never }));
    expect(methods([added])).to.deep.equal({
      ...now,
      DemandContract: [...(now.DemandContract ?? []), "ponder"].sort(),
    });
    const taken = changed("demand", ({ [first]: _taken, ...rows }) => rows);
    expect(methods([taken]).DemandContract).to.deep.equal(now.DemandContract?.filter((name) => name !== first));
  });

  it("keep the rows of a version that was before, since its acts may still be under way", () => {
    const [first = ""] = Object.keys(model1.nouns.demand?.commands ?? {});
    const taken = changed("demand", ({ [first]: _taken, ...rows }) => rows);
    expect(methods([model1, taken])).to.deep.equal(methods([model1]));
  });
});
