import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { NodeError } from "@wanlian/client/core/node-error.js";
import { textRoutes } from "@wanlian/client/running/text-desk.js";
import type { AskForText } from "@wanlian/client/texts/case-texts.js";
import type { SaltedText } from "@wanlian/client/texts/text.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { FakeChannel } from "../api/fake-ledger.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, ENTRY, HEALTH, openChannel } from "../api/world.js";

const REASONS = "张三于2024年迁出，数据已过时";

describe("free text", () => {
  let civil: ApiWorld;
  let health: ApiWorld;
  /** What civil affairs' node answers to a department, or how it is bent. */
  let bend: (text: SaltedText) => SaltedText;
  let application: string;
  let digest: string;

  before(async () => {
    bend = (text) => text;
    const channel = new FakeChannel();
    civil = await apiWorld({ channel, enrolled: { "0201": ["steward"] } });
    const ask: AskForText = async (department, wanted) => {
      expect(department).to.equal(CIVIL);
      return bend(await asked(HEALTH, wanted));
    };
    health = await apiWorld({ department: HEALTH, channel, enrolled: { "0402": ["user"] }, askForText: ask });
    await openChannel(civil);
    const steward = await civil.logIn("0201");
    await civil.file(steward, "/datasets", { ...ENTRY, code: "births" });
    const frequency = { calls: 1, per: "day" };
    const wish = {
      dataset: `${CIVIL}/births`,
      fields: ["code"],
      purpose: "lookup",
      scenario: "s",
      duty: "d",
      frequency,
    };
    const applied = await health.file(await health.logIn("0402"), "/applications", {
      ...{ ...wish, kind: "ordinary", from: "2026-09-22", to: "2026-12-31" },
    });
    application = String(applied.get("act.case"));
    const refused = await civil.file(steward, `/applications/${application}/refuse`, {
      ...{ dataset: wish.dataset, basis: "plan-5", reasons: { text: REASONS } },
    });
    digest = String(refused.get("act.body.reasons.digest"));
  });
  after(async () => {
    await civil.stop();
    await health.stop();
  });

  /** Asks civil affairs' desk as its gateway would, for a department that TLS has told apart. */
  async function asked(from: string, wanted: string): Promise<SaltedText> {
    const [[, handler] = expect.fail("there is no route")] = textRoutes(civil.ledger.db);
    let handled = Promise.resolve();
    const desk = createServer((request, response) => {
      handled = handler({ from: from as MspId, request, response, rest: "" });
      handled.catch(() => response.end());
    });
    await once(desk.listen(0, "127.0.0.1"), "listening");
    const { port } = desk.address() as AddressInfo;
    try {
      const answer = await fetch(`http://127.0.0.1:${port}`, {
        method: "POST",
        body: JSON.stringify({ digest: wanted }),
      });
      await handled;
      return (await answer.json()) as SaltedText;
    } catch (error) {
      // As the connection gives it back to the asking node.
      if (error instanceof LedgerError) throw new NodeError(error.code, error.message);
      throw error;
    } finally {
      desk.close();
      desk.closeAllConnections();
    }
  }

  const texts = async () => {
    const token = await health.logIn("0402");
    return (await health.call("GET", `/texts?noun=application&case=${application}`, { token })).get("items.0");
  };

  it("that was altered on the way is not taken", async () => {
    bend = ({ salt, text }) => ({ salt, text: `${text}。` });
    expect(await texts()).to.include({ digest, missing: "BAD_ANSWER" });
    bend = (text) => text;
  });

  it("goes to whom the act concerns and to the bureau, and to nobody else", async () => {
    expect((await asked(HEALTH, digest)).text).to.equal(REASONS);
    expect((await asked(BUREAU, digest)).text).to.equal(REASONS);
    for (const [from, wanted] of [
      ["PoliceMSP", digest],
      [HEALTH, "0".repeat(64)],
    ] as const) {
      const code = await asked(from, wanted).then(
        () => "answered",
        (error: NodeError) => error.code,
      );
      expect(code, from).to.equal("NOT_FOUND");
    }
  });

  it("is fetched from its author's node when an officer looks, checked, and kept", async () => {
    expect(await texts()).to.include({ digest, text: REASONS, department: CIVIL, member: "reasons", type: "refuse" });
    bend = () => {
      throw new NodeError("UNREACHABLE", "the node is away");
    };
    expect(await texts()).to.include({ text: REASONS });
  });

  it("that its author's node does not hand over is shown as missing, with the reason", async () => {
    await health.ledger.db.deleteFrom("local.texts").execute();
    expect(await texts()).to.include({ digest, missing: "UNREACHABLE" });
  });
});
