import { onceReady } from "@wanlian/client/cli/awaited.js";
import { CliError } from "@wanlian/client/cli/errors.js";
import { expect } from "chai";

const refusal = (code: string, details: object = {}) =>
  new CliError("REFUSED", { zh: code, en: code }, { details: { problem: { code, details } } });

describe("waiting for evidence", () => {
  it("says what is waited for, each time that it changes, and gives what came", async () => {
    const answers = [
      refusal("NOT_YET", { waitingFor: "anchor", department: "CivilMSP", position: 3 }),
      refusal("NOT_YET", { waitingFor: "anchor", department: "CivilMSP", position: 3 }),
      refusal("NOT_YET", { waitingFor: "witnesses", found: 0, needed: 2, block: 9 }),
      refusal("NOT_YET", { waitingFor: "witnesses", found: 1, needed: 2, block: 9 }),
      "evidence",
    ];
    const said: string[] = [];
    const ask = async () => {
      const answer = answers.shift();
      if (answer instanceof CliError) throw answer;
      return answer;
    };
    expect(await onceReady(ask, ({ en }) => said.push(en), 1)).to.equal("evidence");
    expect(said.map((one) => /CivilMSP|\d of \d/.exec(one)?.[0])).to.deep.equal(["CivilMSP", "0 of 2", "1 of 2"]);
  });

  it("ends at once with what waiting does not mend", async () => {
    for (const failure of [refusal("NOT_FOUND"), refusal("NOT_YET"), new CliError("UNREACHABLE", { zh: "", en: "" })]) {
      const ask = () => Promise.reject(failure);
      expect(await onceReady(ask, () => undefined, 1).catch((error: unknown) => error)).to.equal(failure);
    }
  });
});
