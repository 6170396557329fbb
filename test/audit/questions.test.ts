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

interface Asking {
  readonly signer?: Signer;
  readonly from?: ExchangeWorld["bureau"];
  readonly path?: "entries" | "record";
  /** From the start, or from just behind the last entry, which is the question. */
  readonly page?: { readonly from: number | "end"; readonly most?: number };
}

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

  /** What the node says to it, and by how many entries its log has grown. */
  async function asked(
    changed: Partial<AuditRequest> = {},
    { signer = auditor.officer.signer, from = world.bureau, path = "entries", page = { from: 0 } }: Asking = {},
  ): Promise<[code: string, entries: number]> {
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
    const { log } = world.provider.exchange;
    const size = log.size;
    const start = page.from === "end" ? size + 1 : page.from;
    const body = path === "entries" ? { question, ...page, from: start } : question;
    const code = await from.exchange.connections
      .bytes(PROVIDER, `/audit/v1/${path}`, body, { most: 1e6, withinMs: 20_000 })
      .then(
        () => "answered",
        (error: { details: { code?: string }; code: string }) => String(error.details.code ?? error.code),
      );
    return [code, log.size - size];
  }

  async function ask(changed: Partial<AuditRequest> = {}, asking: Asking = {}): Promise<string> {
    const [code, entries] = await asked(changed, asking);
    if (code !== "answered") expect(entries, "nothing of it is on record").to.equal(0);
    return code;
  }

  const FAR = 1_000_000;
  const answers: [what: string, changed: Partial<AuditRequest>, asking: Asking, code: string][] = [
    ["for the last entry", {}, { page: { from: 0, most: 1 } }, "answered"],
    ["from the end of the log", {}, { page: { from: "end" } }, "NOT_FOUND"],
    ["from far behind it", {}, { page: { from: FAR } }, "NOT_FOUND"],
    ["for a tree that the log has not yet", { asks: { what: "entries", size: FAR } }, {}, "NOT_FOUND"],
    ["for one record by a question for all", {}, { path: "record" }, "INVALID_INPUT"],
    [
      "for a record that the log lacks",
      { asks: { what: "record", record: "00".repeat(32) as Digest } },
      { path: "record" },
      "NOT_FOUND",
    ],
  ];
  for (const [what, changed, asking, code] of answers) {
    it(`is on record whatever comes of it: ${what}, ${code}`, async () => {
      expect(await asked(changed, asking)).to.deep.equal([code, 1]);
    });
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
    expect(await ask({}, { signer: user })).to.equal("NOT_PERMITTED");
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
    expect(await ask({}, { from: world.consumer })).to.equal("NOT_PERMITTED");
    expect(await ask({ department: CONSUMER as MspId }, { from: world.consumer })).to.equal("BAD_SIGNATURE");
  });
});
