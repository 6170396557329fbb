import type { Signer } from "@wanlian/client/core/services.js";
import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import type { AuditRequest } from "@wanlian/verify/records/audit-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import {
  BUREAU,
  CHANNEL_NAME,
  CONSUMER,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
} from "../exchange/exchange-world.js";
import { makeAuditor, type TestAuditor } from "./audit-world.js";

/** What a node makes of questions whose auditor's software was changed: each is signed as it stands. */
describe("a question to a node", () => {
  let world: ExchangeWorld;
  let auditor: TestAuditor;
  let user: Signer;
  before(async () => {
    world = await makeExchangeWorld();
    auditor = await makeAuditor(world, "9400");
    user = (await world.ledger.officer(BUREAU, "9400", "user")).signer;
  });
  after(() => world.remove());

  async function ask(
    changed: Partial<AuditRequest> = {},
    signer = auditor.officer.signer,
    from = world.bureau,
  ): Promise<string> {
    const certificate = Certificate.fromPem(signer.certificate);
    const { height, block, time } = world.bureau.view.position();
    const request: AuditRequest = {
      schema: 1,
      kind: "audit",
      ...{ channel: CHANNEL_NAME, node: PROVIDER, department: BUREAU, mandate: auditor.mandate, filter: {} },
      officer: certificate.commonName as AuditRequest["officer"],
      certificate: certificate.fingerprint as Digest,
      asks: { what: "entries" },
      ledger: { height, block: block as Digest, time },
      nonce: randomDigest(),
      ...changed,
    };
    const signature = await signStatement("audit-request", request, signer);
    const question = { request, signature, certificate: Buffer.from(signer.certificate).toString("utf8") };
    const size = world.provider.exchange.log.size;
    try {
      const bounds = { most: 1e6, withinMs: 5000 };
      await from.exchange.connections.bytes(PROVIDER, "/audit/v1/entries", { question, from: 0 }, bounds);
      return "answered";
    } catch (error) {
      expect(world.provider.exchange.log.size, "nothing of it is on record").to.equal(size);
      return String((error as { details: { code?: string } }).details.code ?? (error as { code: string }).code);
    }
  }

  it("is answered, and on record, where everything is as it should be", async () => {
    const before = world.provider.exchange.log.size;
    expect(await ask()).to.equal("answered");
    expect(world.provider.exchange.log.size).to.equal(before + 1);
  });

  const cases: [string, Partial<AuditRequest>][] = [
    ["is for another node", { node: CONSUMER }],
    ["is on another channel", { channel: "another" }],
    ["names another department than the connection's", { department: CONSUMER }],
    ["names another officer than who signs", { officer: "9001" as never }],
    ["names another certificate than who signs", { certificate: "ab".repeat(32) as Digest }],
    [
      "was signed long ago",
      { ledger: { height: 1, block: "ab".repeat(32) as Digest, time: "2026-01-01T00:00:00Z" as Instant } },
    ],
    ["cites a mandate that is none", { mandate: "ab".repeat(32) as never }],
  ];
  for (const [what, changed] of cases) {
    it(`is refused where it ${what}`, async () => {
      expect(await ask(changed)).to.equal("NOT_PERMITTED");
    });
  }

  it("is refused where who signs is no auditor, though the mandate has the number", async () => {
    expect(await ask({}, user)).to.equal("NOT_PERMITTED");
  });

  it("is refused to another department that has got hold of it, though it was let in before", async () => {
    const { signer } = auditor.officer;
    const certificate = Certificate.fromPem(signer.certificate);
    const { height, block, time } = world.bureau.view.position();
    const request: AuditRequest = {
      ...{ schema: 1, kind: "audit", channel: CHANNEL_NAME, node: PROVIDER, department: BUREAU },
      ...{ mandate: auditor.mandate, filter: {}, asks: { what: "entries" } },
      officer: certificate.commonName as AuditRequest["officer"],
      certificate: certificate.fingerprint as Digest,
      ledger: { height, block: block as Digest, time },
      nonce: randomDigest(),
    };
    const signature = await signStatement("audit-request", request, signer);
    const question = { request, signature, certificate: Buffer.from(signer.certificate).toString("utf8") };
    const page = async ({ exchange }: typeof world.bureau) =>
      await exchange.connections
        .bytes(PROVIDER, "/audit/v1/entries", { question, from: 0 }, { most: 1e6, withinMs: 20_000 })
        .then(
          () => "answered",
          ({ details }: { details: { code?: string } }) => details.code,
        );
    expect(await page(world.bureau)).to.equal("answered");
    expect(await page(world.bureau), "again").to.equal("answered");
    expect(await page(world.consumer)).to.equal("NOT_PERMITTED");
  });

  it("is refused to whoever brings another department's", async () => {
    expect(await ask({}, auditor.officer.signer, world.consumer)).to.equal("NOT_PERMITTED");
    expect(await ask({ department: CONSUMER as MspId }, auditor.officer.signer, world.consumer)).to.equal(
      "BAD_SIGNATURE",
    );
  });
});
