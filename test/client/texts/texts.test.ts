import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeError, SubmissionError } from "@wanlian/client/core/node-error.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { textRoutes } from "@wanlian/client/running/desks/text-desk.js";
import type { AskForText } from "@wanlian/client/texts/case-texts.js";
import type { SaltedText } from "@wanlian/client/texts/text.js";
import { clearUnfiled } from "@wanlian/client/texts/text-store.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { textDigest } from "@wanlian/model/text-digest.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
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
    const channel = await FakeChannel.open();
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
    const [[, handler] = expect.fail("there is no route")] = textRoutes(civil.ledger.db, CIVIL as MspId);
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
      expect(await codeOf(asked(from, wanted)), from).to.equal("NOT_FOUND");
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

  describe("of a filing", () => {
    const WITHDRAWAL = "李四要求撤下";
    let steward: string;
    before(async () => {
      steward = await civil.logIn("0201");
    });
    const withdraw = async (code: string, query = "") => {
      await civil.file(steward, "/datasets", { ...ENTRY, code });
      return await civil.file(steward, `/datasets/${CIVIL}/${code}/withdraw${query}`, {
        reasons: { text: WITHDRAWAL },
      });
    };
    const kept = async () => {
      const query = civil.ledger.db.selectFrom("local.texts").select("digest").where("content", "=", WITHDRAWAL);
      return (await query.execute()).map((row) => row.digest);
    };

    it("that was only looked at beforehand is not kept", async () => {
      expect((await withdraw("previewed", "?preview=true")).status).to.equal(200);
      expect(await kept()).to.deep.equal([]);
    });

    it("that was refused is not kept", async () => {
      await civil.file(steward, "/datasets", { ...ENTRY, code: "refused" });
      civil.ledger.failure = new SubmissionError("NO_ENDORSEMENT", "two departments are needed; one answered");
      const body = { reasons: { text: WITHDRAWAL } };
      expect((await civil.file(steward, `/datasets/${CIVIL}/refused/withdraw`, body)).status).to.equal(503);
      expect(await kept()).to.deep.equal([]);
    });

    it("whose outcome came later than the answer belongs to its act all the same", async () => {
      await civil.file(steward, "/datasets", { ...ENTRY, code: "late" });
      civil.ledger.pending = true;
      const body = { reasons: { text: WITHDRAWAL } };
      expect((await civil.file(steward, `/datasets/${CIVIL}/late/withdraw`, body)).status).to.equal(202);
      const [digest = ""] = await kept();
      expect(await codeOf(asked(BUREAU, digest))).to.equal("NOT_FOUND");
      await civil.ledger.settle();
      expect((await asked(BUREAU, digest)).text).to.equal(WITHDRAWAL);
    });

    it("is not had by stating its digest in an act of one's own", async () => {
      const withdrawn = await withdraw("stated");
      const digest = String(withdrawn.get("act.body.reasons.digest"));
      // Whoever endorses sees the digest even before it is on the ledger.
      const body = { dataset: `${CIVIL}/births`, suggestion: { digest } };
      await civil.ledger.act(HEALTH, ["user"], { noun: "suggestion", type: "make", body });
      expect(await codeOf(asked(HEALTH, digest))).to.equal("NOT_FOUND");
      expect((await asked(BUREAU, digest)).text).to.equal(WITHDRAWAL);
    });
  });

  it("gets the salt that its officer has chosen, who signs elsewhere and knows the digest before", async () => {
    const steward = await civil.logIn("0201");
    await civil.file(steward, "/datasets", { ...ENTRY, code: "salted" });
    const [text, salt] = ["登记系统停用", "5a".repeat(16)];
    const path = `/datasets/${CIVIL}/salted/withdraw`;
    const withdrawn = await civil.file(steward, path, { reasons: { text, salt } });
    expect(withdrawn.get("act.body.reasons.digest")).to.equal(textDigest(text, salt));
    const kept = await civil.call("GET", `/texts/${textDigest(text, salt)}`, { token: steward });
    expect([kept.get("text"), kept.get("salt")]).to.deep.equal([text, salt]);
    const short = await civil.file(steward, path, { reasons: { text, salt: "5a" } });
    expect(short.get("code")).to.equal("BAD_REQUEST");
  });

  it("that no act states is not taken in by another road either", async () => {
    const [text, salt] = ["whatever", "ab".repeat(16)];
    const body = { text, salt, digest: textDigest(text, salt) };
    const token = await health.logIn("0402");
    expect((await health.call("POST", "/texts", { token, body })).get("code")).to.equal("NO_SUCH_ENTRY");
  });
});

const codeOf = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => "answered",
    (error: NodeError) => error.code,
  );

describe("texts of filings that came to nothing", () => {
  const NOW = new Date("2026-09-21T12:00:00Z");
  const OLD = "2026-09-21T11:00:00.000Z";
  const YOUNG = "2026-09-21T11:59:00.000Z";
  let directory: string;
  let db: Kysely<NodeDatabase>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-texts-"));
    db = await openDatabase({ directory, url: undefined });
  });
  after(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  const CASES: readonly {
    readonly what: string;
    readonly kept: string;
    readonly officer?: string;
    readonly status?: "open" | "counted" | "parked" | "failed";
    readonly cited?: boolean;
    readonly after: "there" | "emptied" | "gone";
  }[] = [
    { what: "a filing that failed for good", kept: YOUNG, status: "failed", after: "emptied" },
    {
      what: "a filing that is said to have failed, and yet counts",
      kept: OLD,
      status: "failed",
      cited: true,
      after: "there",
    },
    { what: "a filing under way", kept: OLD, status: "open", after: "there" },
    { what: "a filing that can be made anew", kept: OLD, status: "parked", after: "there" },
    { what: "an act that this node has to fold anew", kept: OLD, status: "counted", after: "there" },
    { what: "no filing, though it is about to be stored", kept: YOUNG, after: "there" },
    { what: "no filing, an hour after", kept: OLD, after: "gone" },
    { what: "an act whose filing is not known any more", kept: OLD, cited: true, after: "there" },
    { what: "another department's act", kept: OLD, officer: "", after: "there" },
  ];
  for (const [at, { what, kept, officer = "CivilMSP/0201", status, cited, after: left }] of CASES.entries()) {
    it(`of ${what}: ${left}`, async () => {
      const [digest, key] = [`${at}`.padStart(64, "0"), `key-${at}`];
      const text = { digest, salt: "s", content: "text", officer, filing: officer === "" ? "" : key, kept };
      await db.insertInto("local.texts").values(text).execute();
      const filing = { officer, key, digest: "", command: "{}", seen: 0, failure: null, created: "" };
      if (status !== undefined)
        await db
          .insertInto("local.submissions")
          .values({ ...filing, status })
          .execute();
      const place = { noun: "dataset", case_id: "CivilMSP/x", number: at, member: "reasons", department: "CivilMSP" };
      if (cited === true)
        await db
          .insertInto("text_digests")
          .values({ digest, ...place })
          .execute();
      await clearUnfiled(db, NOW);
      const row = await db.selectFrom("local.texts").selectAll().where("digest", "=", digest).executeTakeFirst();
      expect(row === undefined ? "gone" : row.content === "" ? "emptied" : "there").to.equal(left);
    });
  }
});
