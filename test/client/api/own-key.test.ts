import { createPrivateKey } from "node:crypto";
import { signWith } from "@wanlian/client/keys/signing.js";
import { statementBytes } from "@wanlian/verify";
import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, HEALTH, openChannel } from "./world.js";

/** Over the API; what is signed, and how, stands in test/client/keys/browser-key.test.ts. */
describe("an officer whose key is in a browser", () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
    await openChannel(world);
  });
  after(() => world.stop());

  const officerOf = (department: string, number: string) =>
    world.ledger.shared.ledger.officer(department, number, "user");
  const pemOf = async (department: string, number: string) =>
    Buffer.from((await officerOf(department, number)).signer.certificate).toString();
  const enrol = async (token: string | undefined, certificate: string) =>
    await world.call("POST", "/officers", { ...(token === undefined ? {} : { token }), body: { certificate } });

  it("is taken in by an administrator, with a certificate of the department's own authority, and by nobody else", async () => {
    const [steward, administrator] = [await world.logIn("CA-1"), await world.logIn("CA-2")];
    const own = await pemOf(CIVIL, "CA-7");
    const TABLE: readonly [string | undefined, string, number, unknown][] = [
      [undefined, own, 401, "NOT_LOGGED_IN"],
      [steward, own, 403, "ROLE_MISSING"],
      [administrator, await pemOf(HEALTH, "CA-7"), 403, "CERTIFICATE_REFUSED"],
      [administrator, "no certificate", 409, "DAMAGED_KEY"],
      [administrator, own, 201, undefined],
    ];
    for (const [token, certificate, status, code] of TABLE) {
      const answer = await enrol(token, certificate);
      expect([answer.status, answer.get("code")]).to.deep.equal([status, code]);
      if (status === 201) expect(answer.get("officer")).to.equal("CA-7");
    }
  });

  it("logs in by signing what the node gave it, once", async () => {
    await enrol(await world.logIn("CA-2"), await pemOf(CIVIL, "CA-8"));
    const { privateKey } = await officerOf(CIVIL, "CA-8");
    const begun = await world.call("POST", "/sessions/nonces");
    const [nonce, channel, department] = ["nonce", "channel", "department"].map((name) => String(begun.get(name)));
    expect(department).to.equal(CIVIL);
    const message = statementBytes("log-in", { schema: 1, channel, department, officer: "CA-8", nonce } as never);
    const signature = Buffer.from(await signWith(createPrivateKey(privateKey))(message)).toString("base64");
    const ask = (officer: string) => world.call("POST", "/sessions/signed", { body: { officer, nonce, signature } });
    const answer = await ask("CA-8");
    expect([answer.status, answer.get("session.key"), answer.get("session.officer")]).to.deep.equal([
      201,
      "browser",
      "CA-8",
    ]);
    expect(answer.headers.get("set-cookie")).to.match(/; HttpOnly; SameSite=Strict/);
    const token = String(answer.get("token"));
    expect((await world.call("GET", "/sessions/current", { token })).get("session.officer")).to.equal("CA-8");
    expect((await ask("CA-8")).get("code")).to.equal("BAD_SIGNATURE");
  });

  it("answers at no desk where nothing waits for a signature", async () => {
    const token = await world.logIn("CA-1");
    const answer = await world.call("POST", "/signing/0123456789abcdef/request", {
      token,
      body: { signature: "AAAA" },
    });
    expect([answer.status, answer.get("code")]).to.deep.equal([404, "NO_SUCH_ENTRY"]);
    expect((await world.call("POST", "/signing/0123456789abcdef/request", { body: {} })).status).to.equal(401);
  });
});
