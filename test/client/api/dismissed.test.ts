import { dismissedBy, OfficerStanding } from "@wanlian/client/access";
import { FollowedCase } from "@wanlian/client/read";
import { expect } from "chai";
import { PASSPHRASE } from "../keys/officer.js";
import { type ApiWorld, apiWorld, CIVIL, openChannel } from "./world.js";

const COMPANY = "91411300MA3X000001";

describe("an operator company's officer at the department's own node", () => {
  let world: ApiWorld;
  let membership: FollowedCase;
  before(async () => {
    let standing: OfficerStanding | undefined;
    world = await apiWorld({ refusal: (certificate) => standing?.refusal(certificate) });
    await openChannel(world);
    membership = new FollowedCase(world.ledger, { noun: "member", case: CIVIL });
    // The channel takes every certificate: what shuts out here is the dismissal.
    const channel = { msps: { deserialize: () => ({ validate: () => undefined }) } } as never;
    standing = new OfficerStanding(CIVIL, () => channel, dismissedBy(world.ledger, membership));
  });
  after(() => world.stop());

  const act = async (type: string, body: Readonly<Record<string, unknown>>) => {
    await world.ledger.act(CIVIL, ["administrator"], { noun: "member", case: CIVIL, type, body });
    await membership.refresh();
  };
  const period = { from: "2026-09-21T01:00:00Z", to: "2026-12-31T00:00:00Z" };
  const engagement = { code: COMPANY, name: "a company", scope: [`${CIVIL}/divisions`], officers: ["CA-1"], ...period };
  const logIn = async (officer: string) =>
    (await world.call("POST", "/sessions", { body: { officer, passphrase: PASSPHRASE } })).get("code") ?? "in";

  it("is let in while the company works, and shut out everywhere and told why from its dismissal on", async () => {
    await act("engage", engagement);
    expect(await logIn("CA-1")).to.equal("in");
    const token = await world.logIn("CA-1");
    expect((await world.call("GET", "/tasks", { token })).status).to.equal(200);
    await act("dismiss", { code: COMPANY, reasons: { digest: "ab".repeat(32) } });
    expect(await logIn("CA-1")).to.equal("OFFICER_DISMISSED");
    for (const [method, path] of [
      ["GET", "/tasks"],
      ["GET", "/texts"],
      ["POST", "/datasets?preview=true"],
      ["GET", "/sessions/current"],
    ] as const)
      expect((await world.call(method, path, { token })).get("code"), path).to.equal("OFFICER_DISMISSED");
    expect(await logIn("CA-3"), "the department's own").to.equal("in");
  });

  it("is let in again once it is engaged again", async () => {
    await act("engage", engagement);
    expect(await logIn("CA-1")).to.equal("in");
  });
});
