import { bodyOf } from "@wanlian/client/cli/body-options.js";
import { FILLED } from "@wanlian/client/cli/commands/fill.js";
import { exampleOptions } from "@wanlian/client/cli/example.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";

describe("a command's example in its help", () => {
  it("names a department where one is asked for, and no day, which has the same form", () => {
    const { restrain } = RELEASED.latest.nouns.member?.commands ?? {};
    const options = Object.fromEntries(exampleOptions(restrain?.body ?? {}, []));
    expect(options).to.include({ department: "CivilMSP", incident: "3f9c12ab04de".padEnd(64, "0") });
  });

  for (const noun of Object.values(RELEASED.latest.nouns)) {
    for (const [type, { body }] of Object.entries(noun.commands)) {
      it(`is taken by what reads it: ${noun.name} ${type}`, async () => {
        const filled = FILLED[`${noun.name}.${type}`] ?? [];
        const options = exampleOptions(body, filled).map(
          ([name, value]) => [name, value.replace(/^@.*/, "…")] as const,
        );
        const made = await bodyOf(body, Object.fromEntries(options), process.stdin);
        const required: readonly string[] = Reflect.get(body, "required") ?? [];
        expect(Object.keys(made)).to.have.members(required.filter((name) => !filled.includes(name)));
        if (filled.length === 0) checkSchema(body, onLedger(made));
      });
    }
  }
});

/** The node keeps a text, and the ledger its digest. */
const onLedger = (made: unknown): unknown =>
  JSON.parse(JSON.stringify(made).replaceAll('{"text":"…"}', `{"digest":"${"0".repeat(64)}"}`));
