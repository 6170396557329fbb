import { generateKeyPairSync } from "node:crypto";
import { SubmissionError } from "@wanlian/client/core/node-error.js";
import { LedgerTree } from "@wanlian/client/ledger-tree/ledger-tree.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { formatVerifierKey, noteSigner } from "@wanlian/model/note.js";
import type { Role } from "@wanlian/model/roles.js";
import { expect } from "chai";
import { PASSPHRASE } from "../keys/officer.js";
import { type PostgresServer, postgresPrograms, startPostgres } from "../postgres.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, DATASET, ENTRY, HEALTH, objectionTo, openChannel } from "./world.js";

const programs = postgresPrograms();
const databases = ["embedded SQL", ...(programs === undefined ? [] : ["PostgreSQL"])];

for (const database of databases)
  describe(`the API on ${database}`, () => {
    let world: ApiWorld;
    let postgres: PostgresServer | undefined;
    let steward: string;
    let administrator: string;

    before(async () => {
      if (database === "PostgreSQL" && programs !== undefined) postgres = await startPostgres(programs);
      world = await apiWorld(postgres === undefined ? {} : { databaseUrl: postgres.url });
      await openChannel(world);
      steward = await world.logIn("CA-1");
      administrator = await world.logIn("CA-2");
    });
    after(async () => {
      await world.stop();
      await postgres?.stop();
    });

    describe("logs officers in", () => {
      it("by passphrase, with a token and a cookie that scripts cannot read", async () => {
        const answer = await world.call("POST", "/sessions", { body: { officer: "CA-1", passphrase: PASSPHRASE } });
        expect(answer.status).to.equal(201);
        expect(answer.get("session.roles")).to.deep.equal(["steward", "user"]);
        const cookie = answer.headers.get("set-cookie") ?? "";
        expect(cookie).to.include("HttpOnly").and.include("SameSite=Strict");
        const seen = await world.call("GET", "/sessions/current", { headers: { Cookie: cookie.split(";")[0] ?? "" } });
        expect(seen.get("session.officer")).to.equal("CA-1");
        const token = String(answer.get("token"));
        expect((await world.call("DELETE", "/sessions/current", { token })).status).to.equal(204);
        expect((await world.call("GET", "/sessions/current", { token })).get("code")).to.equal("NOT_LOGGED_IN");
      });

      it("and nobody else, in the language asked for", async () => {
        const body = { officer: "CA-1", passphrase: "not the passphrase" };
        const zh = await world.call("POST", "/sessions", {
          body,
          headers: { "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5" },
        });
        const en = await world.call("POST", "/sessions", { body, headers: { "Accept-Language": "en-GB, zh;q=0.1" } });
        expect([zh.status, zh.get("code"), zh.get("title")]).to.deep.equal([
          401,
          "WRONG_PASSPHRASE",
          "经办人编号或口令错误；请核对后重输",
        ]);
        expect(en.get("title")).to.equal("Officer number or passphrase is wrong; enter it again");
        expect(en.headers.get("content-type")).to.include("application/problem+json");
        await world.logIn("CA-1");
      });

      it("and out everywhere when the passphrase changes, which takes the present one", async () => {
        const token = await world.logIn("CA-3");
        const change = (from: string, to: string) =>
          world.call("POST", "/sessions/current/passphrase", { token, body: { from, to } });
        expect((await change("not the passphrase", "a new long passphrase")).get("code")).to.equal("WRONG_PASSPHRASE");
        expect((await change(PASSPHRASE, "short")).get("code")).to.equal("WEAK_PASSPHRASE");
        expect((await change(PASSPHRASE, "a new long passphrase")).status).to.equal(204);
        expect((await world.call("GET", "/sessions/current", { token })).status).to.equal(401);
        const body = { officer: "CA-3", passphrase: "a new long passphrase" };
        expect((await world.call("POST", "/sessions", { body })).status).to.equal(201);
      });

      it("writes neither passphrase nor token into the log", async () => {
        await world.call("POST", "/sessions", { body: { officer: "CA-1", passphrase: "not the passphrase" } });
        await world.call("GET", "/tasks", { token: `${steward.slice(0, -1)}_` });
        await world.logIn("CA-1");
        expect(world.logged()).to.include("WRONG_PASSPHRASE");
        for (const secret of [PASSPHRASE, "not the passphrase", steward, "PRIVATE KEY"]) {
          expect(world.logged()).not.to.include(secret);
        }
      });
    });

    describe("refuses", () => {
      it("what is not described: paths, methods, parameters, bodies, media", async () => {
        const token = steward;
        const headers = { "Idempotency-Key": "refused-key" };
        const cases: [Parameters<ApiWorld["call"]>, number, string][] = [
          [["GET", "/nowhere", { token }], 404, "NO_SUCH_ROUTE"],
          [["DELETE", "/status", { token }], 405, "METHOD_NOT_ALLOWED"],
          [["GET", "/objections?limit=501", { token }], 400, "BAD_REQUEST"],
          [["GET", "/objections?limit=1&limit=2", { token }], 400, "BAD_REQUEST"],
          [["GET", "/objections?colour=red", { token }], 400, "BAD_REQUEST"],
          [["GET", "/objections?cursor=bm90IG91cnM", { token }], 400, "BAD_REQUEST"],
          [["GET", "/objections/not-an-id", { token }], 400, "BAD_REQUEST"],
          [["GET", "/objections/%E0%A4%A", { token }], 400, "BAD_REQUEST"],
          [["POST", "/datasets", { token, body: { ...ENTRY, code: "x", extra: 1 }, headers }], 400, "BAD_REQUEST"],
          [["POST", "/datasets", { token, body: "{not json", headers }], 400, "BAD_REQUEST"],
          [["POST", "/datasets", { token, body: "[]", headers }], 400, "BAD_REQUEST"],
          [["GET", "/catalogue?text=%00", { token }], 400, "BAD_REQUEST"],
          [["GET", "/catalogue?text=%C4%CF%D1%F4", { token }], 400, "BAD_REQUEST"],
          [["GET", "/catalogue?text=%", { token }], 400, "BAD_REQUEST"],
          [["POST", "/datasets", { token, body: `{"code":"x","code":"y"}`, headers }], 400, "BAD_REQUEST"],
          [
            ["POST", "/datasets", { token, body: JSON.stringify({ ...ENTRY, code: "x", name: "a\0b" }), headers }],
            400,
            "BAD_REQUEST",
          ],
          [["POST", "/datasets", { token, body: `"${"x".repeat(200_000)}"`, headers }], 413, "BODY_TOO_LARGE"],
          [
            ["POST", "/datasets", { token, body: "<a/>", headers: { ...headers, "Content-Type": "text/xml" } }],
            415,
            "UNSUPPORTED_MEDIA_TYPE",
          ],
          [["POST", "/datasets", { token, body: { ...ENTRY, code: "x" } }], 400, "IDEMPOTENCY_KEY_MISSING"],
          [
            ["POST", "/datasets", { token, body: { ...ENTRY, code: "x" }, headers: { "Idempotency-Key": "short" } }],
            400,
            "BAD_REQUEST",
          ],
          [["GET", `/objections/${"0".repeat(64)}`, { token }], 404, "NO_SUCH_CASE"],
          [["GET", "/blocks/999", { token }], 404, "NO_SUCH_ENTRY"],
          [["GET", "/objections"], 401, "NOT_LOGGED_IN"],
        ];
        for (const [call, status, code] of cases) {
          const answer = await world.call(...call);
          expect([answer.status, answer.get("code")], call.slice(0, 2).join(" ")).to.deep.equal([status, code]);
        }
        expect((await world.call("GET", "/catalogue?text=%E5%8D%97%E9%98%B3", { token })).status).to.equal(200);
      });

      it("a page of another site, though the officer's cookie comes with it", async () => {
        const Cookie = `wanlian_session=${steward}`;
        const foreign: Record<string, string>[] = [
          { Origin: "https://elsewhere.example" },
          { "Sec-Fetch-Site": "cross-site" },
          { Origin: "null" },
        ];
        for (const header of foreign) {
          const headers = { Cookie, "Idempotency-Key": "cross-site-1", ...header };
          const answer = await world.call("POST", "/datasets", { body: { ...ENTRY, code: "stolen" }, headers });
          expect([answer.status, answer.get("code")], JSON.stringify(header)).to.deep.equal([403, "CROSS_SITE"]);
        }
      });

      it("to be framed, cached or sniffed", async () => {
        const { headers } = await world.call("GET", "/status");
        expect(headers.get("x-content-type-options")).to.equal("nosniff");
        expect(headers.get("cache-control")).to.equal("no-store");
        expect(headers.get("content-security-policy")).to.include("frame-ancestors 'none'");
        expect(headers.get("x-powered-by")).to.equal(null);
      });
    });

    describe("files", () => {
      it("a command once for each key, and answers with transaction, block and act", async () => {
        const headers = { "Idempotency-Key": "register-divisions" };
        const body = { ...ENTRY, code: "divisions" };
        const first = await world.call("POST", "/datasets", { token: steward, body, headers });
        expect(first.status).to.equal(201);
        expect(first.get("act.case")).to.equal(DATASET);
        expect(first.get("transactionId")).to.match(/^[0-9a-f]{64}$/);
        expect(first.get("block")).to.be.a("number");
        const again = await world.call("POST", "/datasets", { token: steward, body, headers });
        expect(again.get("transactionId")).to.equal(first.get("transactionId"));
        const other = await world.call("POST", "/datasets", { token: steward, body: { ...body, code: "y" }, headers });
        expect([other.status, other.get("code")]).to.deep.equal([422, "KEY_REUSED"]);
        const asked = await world.call("GET", "/submissions/register-divisions", { token: steward });
        expect(asked.get("status")).to.equal("counted");
        const foreign = await world.call("GET", "/submissions/register-divisions", { token: administrator });
        expect(foreign.status).to.equal(404);
      });

      it("nothing that the contracts refuse, and passes their code on", async () => {
        const again = await world.file(steward, "/datasets", { ...ENTRY, code: "divisions" });
        expect([again.status, again.get("code")]).to.deep.equal([409, "ALREADY_EXISTS"]);
        const role = await world.file(administrator, "/datasets", { ...ENTRY, code: "roads" });
        expect([role.status, role.get("code")]).to.deep.equal([403, "NOT_PERMITTED"]);
        const basis = await world.file(steward, "/datasets", {
          ...ENTRY,
          code: "roads",
          share: { class: "conditional", mode: "file" },
        });
        expect([basis.status, basis.get("code")]).to.deep.equal([422, "NO_LEGAL_BASIS"]);
      });

      it("passes every failure on with its code", async () => {
        world.ledger.failure = new SubmissionError("NO_ENDORSEMENT", "two departments are needed; one answered");
        const few = await world.file(steward, "/datasets", { ...ENTRY, code: "roads" });
        expect([few.status, few.get("code"), few.get("detail")]).to.deep.equal([
          503,
          "NO_ENDORSEMENT",
          "two departments are needed; one answered",
        ]);
      });

      it("nothing yet for a preview, and answers 202 while the outcome is open", async () => {
        const before = (await world.call("GET", "/status")).get("height");
        const shown = await world.file(steward, "/datasets?preview=true", { ...ENTRY, code: "roads" });
        expect([shown.status, shown.get("act.state.status")]).to.deep.equal([200, "registered"]);
        expect((await world.call("GET", "/status")).get("height")).to.equal(before);
        world.ledger.pending = true;
        const waiting = await world.file(steward, "/datasets", { ...ENTRY, code: "rivers" });
        expect([waiting.status, waiting.get("status")]).to.deep.equal([202, "pending"]);
        expect(waiting.headers.get("location")).to.equal(`/api/v1/submissions/${waiting.get("idempotencyKey")}`);
      });

      it("free text as its salted digest, keeps the text, and files it once for each key", async () => {
        const headers = { "Idempotency-Key": "withdraw-rivers" };
        await world.file(steward, "/datasets", { ...ENTRY, code: "rivers" });
        const body = { reasons: { text: "张三提出，数据已过时" } };
        const path = `/datasets/${CIVIL}/rivers/withdraw`;
        const answer = await world.call("POST", path, { token: steward, body, headers });
        expect(answer.status).to.equal(201);
        const digest = String(answer.get("act.body.reasons.digest"));
        expect(JSON.stringify(answer.body)).not.to.include("张三");
        const kept = await world.call("GET", `/texts/${digest}`, { token: steward });
        expect(kept.get("text")).to.equal("张三提出，数据已过时");
        const again = await world.call("POST", path, { token: steward, body, headers });
        expect(again.get("transactionId")).to.equal(answer.get("transactionId"));
        const { salt, text } = kept.body as { salt: string; text: string };
        const received = { digest, salt, text };
        expect((await world.call("POST", "/texts", { token: steward, body: received })).status).to.equal(204);
        const altered = { ...received, text: `${text}。` };
        expect((await world.call("POST", "/texts", { token: steward, body: altered })).status).to.equal(400);
      });
    });

    it("moves a demo channel's clock for an administrator, and no other channel's", async () => {
      const body = { time: "2026-09-22T01:00:00Z" };
      expect((await world.file(steward, "/clock/tick", body)).get("code")).to.equal("ROLE_MISSING");
      expect((await world.file(administrator, "/clock/tick", body)).status).to.equal(201);
      expect((await world.call("GET", "/status")).get("ledgerTime")).to.equal("2026-09-22T01:00:00Z");
      world.ledger.shared.demo = false;
      expect((await world.file(administrator, "/clock/tick", body)).get("code")).to.equal("NOT_A_DEMO");
      world.ledger.shared.demo = true;
    });

    it("says on every answer that a channel is a demo, problems included", async () => {
      const document = await world.call("GET", "/openapi.json");
      expect([document.headers.get("wanlian-demo"), document.get("x-demo")]).to.deep.equal(["true", true]);
      const paths = ["/status", "/catalogue", "/nowhere", "/model", "/tasks"];
      for (const path of paths) {
        const answer = await world.call("GET", path, { token: steward });
        expect([answer.headers.get("wanlian-demo"), answer.get("demo")], path).to.deep.equal(["true", true]);
      }
    });

    describe("shows", () => {
      let release: string;
      let application: string;

      before(async () => {
        const { ledger } = world;
        const digests = [
          { name: "code", digest: "a".repeat(64) as Digest },
          { name: "name", digest: "b".repeat(64) as Digest },
        ];
        const { releaseRoot } = await import("@wanlian/model/release/release-root.js");
        const registered = await world.file(steward, "/releases", {
          dataset: DATASET,
          root: releaseRoot(digests),
          fields: digests,
          rows: 3,
          rowRoot: "c".repeat(64),
          period: { from: "2022-01-01", to: "2022-12-31" },
          derivedFrom: [],
          selfCheck: [],
        });
        release = String(registered.get("act.case"));
        const frequency = { calls: 10, per: "day" };
        const wish = { dataset: DATASET, fields: ["code"], purpose: "verification", scenario: "births", duty: "law" };
        const applied = await ledger.act(HEALTH, ["user"], {
          noun: "application",
          type: "apply",
          body: { ...wish, from: "2026-09-23", to: "2026-12-31", frequency, kind: "ordinary" },
        });
        application = applied.case;
      });

      it("what a steward has to do, until when, and may do now", async () => {
        const tasks = await world.call("GET", "/tasks", { token: steward });
        expect(tasks.get("items.0.case")).to.equal(application);
        expect(tasks.get("items.0.deadline.due")).to.equal("2026-09-29T15:59:59Z");
        expect(tasks.get("items.0.actions")).to.deep.equal(["grant", "refuse", "requestMore"]);
        expect((await world.call("GET", "/tasks", { token: administrator })).get("items.0.actions")).to.deep.equal([]);
      });

      it("a notice until somebody of the department has opened it", async () => {
        const unread = await world.call("GET", "/notices", { token: steward });
        expect(unread.get("items.0.type")).to.equal("apply");
        const mark = { noun: "application", case: application, number: 1 };
        expect((await world.call("POST", "/notices/read", { token: steward, body: mark })).status).to.equal(204);
        expect((await world.call("GET", "/notices", { token: administrator })).get("items.length")).to.equal(0);
        const all = await world.call("GET", "/notices?shown=all", { token: steward });
        expect(all.get("items.0.opened.officer")).to.equal("CA-1");
      });

      it("what is overdue once the clock has passed the date, without anybody's act", async () => {
        expect((await world.call("GET", "/overdue", { token: steward })).get("items.length")).to.equal(0);
        await world.ledger.act(BUREAU, ["node"], {
          noun: "clock",
          type: "tick",
          body: { time: "2026-09-30T01:00:00Z" },
        });
        const overdue = await world.call("GET", "/overdue", { token: steward });
        expect([overdue.get("items.0.case"), overdue.get("items.0.deadline.overdue")]).to.deep.equal([
          application,
          true,
        ]);
        expect(
          (await world.call("GET", "/applications?overdue=true", { token: steward })).get("items.length"),
        ).to.equal(1);
      });

      it("grants of a dataset, in force by the ledger's clock", async () => {
        const body = {
          dataset: DATASET,
          fields: ["code"],
          from: "2026-10-01",
          to: "2026-10-20",
          frequency: { calls: 5, per: "day" },
        };
        expect((await world.file(steward, `/applications/${application}/grant?seen=1`, body)).status).to.equal(201);
        const before = await world.call("GET", `/datasets/${DATASET}/grants`, { token: steward });
        expect([before.get("items.0.case"), before.get("items.0.inForce")]).to.deep.equal([application, false]);
        await world.ledger.act(BUREAU, ["node"], {
          noun: "clock",
          type: "tick",
          body: { time: "2026-10-08T01:00:00Z" },
        });
        expect(
          (await world.call("GET", `/datasets/${DATASET}/grants`, { token: steward })).get("items.0.inForce"),
        ).to.equal(true);
      });

      it("the catalogue by words, with the label of an open objection", async () => {
        await world.ledger.act(HEALTH, ["user"], {
          noun: "objection",
          type: "raise",
          body: objectionTo(release),
        });
        const found = await world.call("GET", `/catalogue?text=${encodeURIComponent("区划 CODES")}&share=conditional`, {
          token: steward,
        });
        expect(found.get("items.length")).to.equal(1);
        expect(found.get("items.0.entry.fields.1.name")).to.equal("name");
        expect(found.get("items.0.latestRelease")).to.equal(release);
        expect(found.get("items.0.openObjections.length")).to.equal(1);
        for (const nothing of ["text=%25", "text=nowhere", "share=unconditional", `provider=${HEALTH}`]) {
          expect(
            (await world.call("GET", `/catalogue?${nothing}`, { token: steward })).get("items.length"),
            nothing,
          ).to.equal(0);
        }
      });

      it("a case with its parties, deadlines, history, each act with block and transaction", async () => {
        const shown = await world.call("GET", `/applications/${application}`, { token: steward });
        expect(shown.get("case.status")).to.equal("granted");
        expect(shown.get("deadlines.0.ended")).to.equal("2026-09-30T01:00:00Z");
        expect(shown.get("references.0")).to.deep.equal({ noun: "dataset", case: DATASET });
        const acts = await world.call("GET", `/applications/${application}/acts`, { token: steward });
        expect([acts.get("items.0.type"), acts.get("items.1.type")]).to.deep.equal(["apply", "grant"]);
        const id = String(acts.get("items.1.transactionId"));
        const transaction = await world.call("GET", `/transactions/${id}`, { token: steward });
        expect(transaction.get("appearances.0.acts.0.case")).to.equal(application);
        const block = await world.call("GET", `/blocks/${acts.get("items.1.block")}`, { token: steward });
        expect(block.get("transactions.0.id")).to.equal(id);
        expect((await world.call("GET", `/datasets/${DATASET}`, { token: steward })).get("entry.name")).to.equal(
          ENTRY.name,
        );
        expect((await world.call("GET", "/policy", { token: steward })).get("case.state.bureau")).to.equal(BUREAU);
      });

      it("everything that happened to a dataset, page by page, and everything an officer did", async () => {
        const types: unknown[] = [];
        let cursor = "";
        for (let pages = 0; pages < 20; pages++) {
          const page = await world.call("GET", `/trace/datasets/${DATASET}?limit=1${cursor}`, { token: steward });
          types.push(page.get("items.0.type"));
          if (page.get("next") === undefined) break;
          cursor = `&cursor=${page.get("next")}`;
        }
        expect(types).to.deep.equal(["register", "register", "apply", "grant", "raise"]);
        const officer = await world.call("GET", `/trace/departments/${CIVIL}/officers/CA-1?noun=application`, {
          token: steward,
        });
        expect([officer.get("items.length"), officer.get("items.0.type")]).to.deep.equal([1, "grant"]);
        const department = await world.call("GET", `/trace/departments/${HEALTH}?from=2026-10-01T00:00:00Z`, {
          token: steward,
        });
        expect([department.get("items.length"), department.get("items.0.type")]).to.deep.equal([1, "raise"]);
      });

      it("the acts that state a digest: as evidence, as a release's, as the case that they are about", async () => {
        const stating = async (digest: string) => {
          const found = await world.call("GET", `/trace/digests/${digest}`, { token: steward });
          return (found.get("items") as { noun: string; type: string }[]).map(({ noun, type }) => `${noun} ${type}`);
        };
        expect(await stating(objectionTo(release).evidence)).to.deep.equal(["objection raise"]);
        expect(await stating("c".repeat(64))).to.include("release register");
        expect(await stating(release)).to.include("objection raise");
        expect(await stating("0".repeat(64))).to.deep.equal([]);
        const half = await world.call("GET", `/trace/digests/${"d".repeat(63)}`, { token: steward });
        expect([half.status, half.get("code")]).to.deep.equal([400, "BAD_REQUEST"]);
      });

      it("whether the departments' ledgers agree, as far as they anchored them", async () => {
        const key = noteSigner("pilot/log/HealthMSP", generateKeyPairSync("ed25519").privateKey);
        const checkpoint = signCheckpoint(EMPTY_TREE, key);
        const node: Role[] = ["node"];
        const log = { noun: "log", case: HEALTH };
        await world.ledger.act(HEALTH, node, {
          ...log,
          type: "open",
          body: { key: formatVerifierKey(key.key), checkpoint },
        });
        const tree = new LedgerTree(world.ledger.db);
        await tree.catchUp();
        const agreement = async () => {
          const { body } = await world.call("GET", "/agreement", { token: steward });
          const { items } = body as { items: { department: string; agrees: boolean | null }[] };
          return items.map(({ department, agrees }) => `${department} ${agrees}`);
        };
        const anchor = (blocks: number, root: string) =>
          world.ledger.act(HEALTH, node, {
            ...log,
            type: "anchor",
            body: { checkpoint, consistency: [], ledger: { blocks, root } },
          });
        expect(await agreement()).to.deep.equal([`${BUREAU} null`, `${CIVIL} null`, `${HEALTH} null`]);
        await anchor(2, tree.root(2));
        expect(await agreement()).to.include(`${HEALTH} true`);
        await anchor(3, tree.root(2));
        expect(await agreement()).to.include(`${HEALTH} false`);
      });

      it("one digest over all that was derived, and the meaning of each code", async () => {
        expect((await world.call("GET", "/projection/digest", { token: steward })).get("digest")).to.match(
          /^[0-9a-f]{64}$/,
        );
        expect((await world.call("GET", "/problems/WRONG_STATE")).get("status")).to.equal(409);
        expect((await world.call("GET", "/problems/NONSENSE")).status).to.equal(404);
        expect((await world.call("GET", "/alarms", { token: steward })).get("items")).to.deep.equal([]);
        expect((await world.call("GET", "/transactions", { token: steward })).get("items")).to.deep.equal([]);
      });
    });
  });
