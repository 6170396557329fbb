import { carryOut, type Hands } from "@wanlian/network/administration/carry-out.js";
import type { Step } from "@wanlian/network/administration/plan.js";
import { expect } from "chai";

/** A step of a kind; what it is about does not matter to the order in which steps are done. */
const step = (kind: Step["kind"], by: string): Step => ({ kind, by }) as Step;

const OTHERS = { zh: "等别人", en: "for others" };
const IN_BLOCK = { block: 7n };

describe("carrying out a plan", () => {
  /** What was told, in order, of a plan carried out by the bureau. */
  async function told(steps: readonly Step[], perform: Hands["perform"] = async () => ({ place: undefined })) {
    const said: string[] = [];
    const hands = { canActFor: (mspId: string) => mspId === "BureauMSP", perform };
    const result = await carryOut(steps, hands, {
      begins: ({ kind, by }) => said.push(`begins ${kind} ${by}`),
      done: ({ kind, by }, place) => said.push(`done ${kind} ${by}${place ? ` in ${place.block}` : ""}`),
      waits: ({ kind, by }, hint) => said.push(`waits ${kind} ${by}: ${hint.en}`),
    });
    return { said, ...result };
  }

  it("does its own steps kind by kind, whatever order they are given in", async () => {
    const { said, done, waiting } = await told(
      (["commit", "approve", "install", "join peer", "update configuration", "join orderer"] as const).map((kind) =>
        step(kind, "BureauMSP"),
      ),
    );
    expect(said.filter((one) => one.startsWith("done"))).to.deep.equal([
      "done join orderer BureauMSP",
      "done update configuration BureauMSP",
      "done join peer BureauMSP",
      "done install BureauMSP",
      "done approve BureauMSP",
      "done commit BureauMSP",
    ]);
    expect({ done, waiting }).to.deep.equal({ done: 6, waiting: 0 });
  });

  it("begins no step before those of the kind before are done", async () => {
    const { said } = await told([step("join peer", "BureauMSP"), step("install", "BureauMSP")], async ({ kind }) => {
      if (kind === "join peer") await new Promise((resolve) => setImmediate(resolve));
      return { place: IN_BLOCK };
    });
    expect(said).to.deep.equal([
      "begins join peer BureauMSP",
      "done join peer BureauMSP in 7",
      "begins install BureauMSP",
      "done install BureauMSP in 7",
    ]);
  });

  it("leaves another's step to who has the key, says so, and goes on", async () => {
    const steps = [step("join peer", "CivilMSP"), step("approve", "CivilMSP"), step("approve", "BureauMSP")];
    const { said, done, waiting } = await told(steps);
    const hint = 'This is for CivilMSP to do, with its own key: "wanlian network apply" there.';
    expect(said).to.deep.equal([
      `waits join peer CivilMSP: ${hint}`,
      `waits approve CivilMSP: ${hint}`,
      "begins approve BureauMSP",
      "done approve BureauMSP",
    ]);
    expect({ done, waiting }).to.deep.equal({ done: 1, waiting: 2 });
  });

  const after = [step("join peer", "BureauMSP"), step("commit", "BureauMSP")];

  it("tries nothing on a configuration that waits for signatures", async () => {
    const { said, done, waiting } = await told([step("update configuration", "BureauMSP"), ...after], async () => ({
      waits: OTHERS,
    }));
    expect(said).to.deep.equal([
      "begins update configuration BureauMSP",
      "waits update configuration BureauMSP: for others",
    ]);
    expect({ done, waiting }).to.deep.equal({ done: 0, waiting: 1 });
  });

  it("tries nothing on a configuration that is another's to begin", async () => {
    expect((await told([step("update configuration", "OrdererMSP"), ...after])).done).to.equal(0);
  });

  it("goes on where only an orderer of somebody else's has yet to join", async () => {
    expect((await told([step("join orderer", "OrdererMSP"), ...after])).done).to.equal(2);
  });

  it("goes on over a step that waits where nothing rests on it", async () => {
    const steps = [step("approve", "BureauMSP"), step("commit", "BureauMSP")];
    const { done, waiting } = await told(steps, async ({ kind }) =>
      kind === "approve" ? { waits: OTHERS } : { place: IN_BLOCK },
    );
    expect({ done, waiting }).to.deep.equal({ done: 1, waiting: 1 });
  });

  it("fails with what keeps a step of its own from being done, and begins no later one", async () => {
    const begun: string[] = [];
    const failing = carryOut(
      after,
      { canActFor: () => true, perform: () => Promise.reject(new Error("no answer")) },
      {
        begins: ({ kind }) => begun.push(kind),
        done: () => undefined,
        waits: () => undefined,
      },
    );
    const failure = await failing.catch((error: unknown) => error);
    expect(failure).to.have.property("message", "no answer");
    expect(begun).to.deep.equal(["join peer"]);
  });
});
