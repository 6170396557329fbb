import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { run } from "@wanlian/client/cli/program.js";
import { type ExportParts, exportEvidence } from "@wanlian/client/evidence/export.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { LedgerTree } from "@wanlian/client/ledger-tree/ledger-tree.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { openDatabase } from "@wanlian/client/projection/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { SqlLedgerHistory } from "@wanlian/client/read/ledger-history.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { EvidenceBundle } from "@wanlian/verify/bundle.js";
import { parseEvidence } from "@wanlian/verify/bundle.js";
import { encodeEntry } from "@wanlian/verify/records/access-record.js";
import { GRANT_BETWEEN_NOT_PROVEN } from "@wanlian/verify/step.js";
import { type EvidenceTrust, trustFileOf, trustOf } from "@wanlian/verify/trust.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { anchor } from "../audit/audit-world.js";
import { CHAINCODE, CHANNEL } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "../exchange/exchange-world.js";
import { inBrowser } from "./in-browser.js";

describe("evidence of an access", () => {
  let world: ExchangeWorld;
  let parts: ExportParts;
  let projection: Projection;
  let dir: string;
  let trust: EvidenceTrust;
  let served: EvidenceBundle;
  let refused: EvidenceBundle;
  /** Served by a provider who pretended that a suspended grant stood. */
  let afterEnd: EvidenceBundle;

  before(async () => {
    world = await makeExchangeWorld();
    dir = await mkdtemp(join(tmpdir(), "wanlian-evidence-"));
    const db = await openDatabase({ directory: dir, url: undefined });
    projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
    parts = {
      channel: CHANNEL,
      chaincode: CHAINCODE,
      db,
      history: new SqlLedgerHistory(db),
      tree: new LedgerTree(db),
      fetchBlock: async (number) => world.ledger.blocks[number] as Uint8Array,
      tiles: (department) => {
        const side = department === PROVIDER ? world.provider : world.consumer;
        const disk = localDisk(join(side.exchange.options.dir, "log"));
        return (path) => disk.read(path);
      },
      members: async () => [BUREAU, PROVIDER, CONSUMER],
    };
    trust = { channelId: CHANNEL, chaincode: CHAINCODE, roots: world.ledger.roots, orderers: ["OrdererMSP"] };
    const grant = await world.grant(["code", "name"]);
    const first = await access(grant);
    const second = await access(grant, { fields: ["id"] });
    const third = await accessAfterEnd(await world.grant(["code", "name"]));
    await world.consumer.exchange.receipts.settled();
    for (const side of [world.provider, world.consumer, world.bureau, world.provider]) {
      await anchor(world, side, await ledgerRoot());
    }
    // The last tells what the block of the one before was found to be.
    for (const side of [world.consumer, world.bureau]) await anchor(world, side, await ledgerRoot());
    await fold();
    served = await exported(first);
    refused = await exported(second);
    afterEnd = await exported(third);
  });
  after(async () => {
    await world.remove();
    await parts.db.destroy();
    await rm(dir, { recursive: true, force: true });
  });

  const access = async (grant: TransactionId, more: Partial<Ask> = {}) => {
    const ask = world.ask(grant, { subject: { code: "0371" }, ...more });
    return (await world.consumer.exchange.consumer.access(world.officer.signer, ask)).filed;
  };
  async function accessAfterEnd(grant: TransactionId) {
    const { book } = world.provider;
    book.pretended.set(grant, (await book.read("application", grant)) ?? expect.fail("no grant"));
    const body = { reasons: { digest: "cd".repeat(32) } };
    await world.act(world.steward, { noun: "application", case: grant, type: "suspend", body });
    return access(grant);
  }
  async function fold(): Promise<void> {
    while (projection.height < world.ledger.blocks.length) {
      await projection.take(readBlock(world.ledger.blocks[Number(projection.height)] as Uint8Array));
    }
  }
  async function ledgerRoot() {
    await fold();
    await parts.tree.catchUp();
    return { blocks: parts.tree.size, root: parts.tree.root(parts.tree.size) };
  }
  async function exported({ signed }: Awaited<ReturnType<typeof access>>): Promise<EvidenceBundle> {
    const { records, vault, certificates } = world.provider.exchange;
    let position = 0;
    while ((await records.find(position))?.signed.signature !== signed.signature) position += 1;
    const kept = vault.read(position);
    const ids = [signed.record.certificate, signed.record.request.certificate, kept.receipt?.certificate as Digest];
    const pems = await Promise.all(ids.map(async (id) => [id, (await certificates.read(id)) ?? ""] as const));
    const record = { department: PROVIDER as MspId, position, entry: encodeEntry(signed), ...kept };
    const bundle = await exportEvidence({ ...record, certificates: new Map(pems) }, parts);
    // As it comes back from a file.
    return parseEvidence(JSON.parse(JSON.stringify(bundle)));
  }
  const outcomes = async (bundle: EvidenceBundle, trusted = trust) => {
    const { steps, holds } = await verifyEvidence(bundle, trusted);
    const failed = steps.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
    expect(holds, JSON.stringify(steps, null, 1)).to.equal(failed.length === 0);
    return failed;
  };
  const altered = (change: (bundle: EvidenceBundle) => unknown): EvidenceBundle => {
    const copy = structuredClone(served);
    change(copy);
    return copy;
  };

  it("holds in every step, against the root certificates alone", async () => {
    const { steps, holds } = await verifyEvidence(served, trust);
    expect(
      steps.map(({ outcome }) => outcome),
      JSON.stringify(steps, null, 1),
    ).to.deep.equal(steps.map(() => "holds"));
    expect(holds).to.equal(true);
    for (const { text } of steps) expect(text.zh).to.match(/[一-龥]/);
  });

  it("comes to the same in a browser", async () => {
    const page = await inBrowser(`
      import { parseEvidence } from "@wanlian/verify/bundle.js";
      import { parseTrust } from "@wanlian/verify/trust.js";
      import { verifyEvidence } from "@wanlian/verify/verify.js";
      export const verify = async (file, roots) =>
        JSON.stringify(await verifyEvidence(parseEvidence(JSON.parse(file)), parseTrust(JSON.parse(roots))));`);
    const genesis = Block.decode(world.ledger.blocks[0] as Uint8Array);
    const file = trustFileOf(bundleFromBlock(genesis.data?.data ?? []), CHAINCODE);
    for (const bundle of [served, refused, afterEnd, altered((one) => (one.certificates = {}))]) {
      const there = await page.verify?.(JSON.stringify(bundle), JSON.stringify(file));
      const here = JSON.stringify(await verifyEvidence(bundle, trustOf(file)));
      expect(there).to.equal(here);
    }
  });

  it("proves a refusal too; a grant is then not asked for", async () => {
    const { steps, holds } = await verifyEvidence(refused, trust);
    expect(holds).to.equal(true);
    expect(steps.find(({ name }) => name === "grant")?.outcome).to.equal("skipped");
  });

  it("is checked against the roots that the consortium's configuration names", async () => {
    const genesis = Block.decode(world.ledger.blocks[0] as Uint8Array);
    const file = trustFileOf(bundleFromBlock(genesis.data?.data ?? []), CHAINCODE);
    expect(await outcomes(served, trustOf(file))).to.deep.equal([]);
  });

  it("does not hold for whoever trusts other roots", async () => {
    const roots = new Map(trust.roots).set(PROVIDER, trust.roots.get(CONSUMER) ?? []);
    expect(await outcomes(served, { ...trust, roots })).to.deep.equal(["configuration"]);
    expect(await outcomes(served, { ...trust, channelId: "other" })).to.deep.equal(["configuration"]);
    expect(await outcomes(served, { ...trust, orderers: [PROVIDER] })).to.deep.equal(["configuration"]);
    expect(await outcomes(served, { ...trust, chaincode: "other" })).to.deep.equal(["configuration"]);
  });

  const flip = (base64: string, at: number) => {
    const bytes = Buffer.from(base64, "base64");
    bytes[at] = (bytes[at] as number) ^ 1;
    return bytes.toString("base64");
  };
  const forgeries: [string, string[], (bundle: EvidenceBundle) => unknown][] = [
    [
      "a record with one row more",
      ["inclusion", "record", "receipt"],
      (bundle) => {
        const text = Buffer.from(bundle.record.entry, "base64").toString();
        bundle.record.entry = Buffer.from(text.replace('"rows":1', '"rows":2')).toString("base64");
      },
    ],
    ["a record at another place", ["inclusion"], (bundle) => (bundle.record.position += 1)],
    [
      "a block with a bit flipped",
      ["anchor"],
      (bundle) => {
        const number = String(bundle.anchor.block);
        bundle.blocks[number] = flip(bundle.blocks[number] as string, 400);
      },
    ],
    ["a transaction that is not the anchor", ["anchor"], (bundle) => (bundle.anchor = bundle.grant ?? bundle.anchor)],
    ["no witnesses", ["witnesses"], (bundle) => (bundle.witnesses = [])],
    ["one witness where two departments are needed", ["witnesses"], (bundle) => bundle.witnesses.pop()],
    [
      "one department as two witnesses",
      ["witnesses"],
      (bundle) => {
        const [first] = bundle.witnesses;
        if (first !== undefined) bundle.witnesses = [first, first];
      },
    ],
    [
      "a leaf that says the act was invalid",
      ["counted", "ledgerPosition", "grant"],
      (bundle) => {
        for (const { leaf } of bundle.leaves) leaf.codes = leaf.codes.replace(/^00/, "0a");
      },
    ],
    ["no grant", ["grant"], (bundle) => delete bundle.grant],
    ["another act as the grant", ["grant"], (bundle) => (bundle.grant = bundle.anchor)],
    ["a block left out between grant and access", ["grantStood"], (bundle) => bundle.between?.leaves.pop()],
    [
      "a block between grant and access in which an act is hidden",
      ["grantStood"],
      (bundle) => {
        for (const leaf of bundle.between?.leaves ?? []) leaf.verdicts = "[]";
      },
    ],
    ["no proof of the blocks between", ["grantStood"], (bundle) => bundle.between?.proofs.pop()],
    [
      "a countersignature with a bit flipped",
      ["receipt"],
      (bundle) => {
        const { receipt } = bundle.record;
        if (receipt !== undefined) bundle.record.receipt = { ...receipt, signature: flip(receipt.signature, 20) };
      },
    ],
    ["no certificates", ["request", "record", "receipt"], (bundle) => (bundle.certificates = {})],
  ];
  for (const [what, failing, change] of forgeries) {
    it(`falls with ${what}`, async () => {
      expect((await outcomes(altered(change))).sort()).to.deep.equal([...failing].sort());
    });
  }

  it("says so where the file does not hold the blocks between grant and access", async () => {
    const { holds, steps, notProven } = await verifyEvidence(
      altered((bundle) => delete bundle.between),
      trust,
    );
    expect(holds).to.equal(true);
    expect(steps.find(({ name }) => name === "grantStood")?.outcome).to.equal("skipped");
    expect(notProven).to.include(GRANT_BETWEEN_NOT_PROVEN);
    expect((await verifyEvidence(served, trust)).notProven).not.to.include(GRANT_BETWEEN_NOT_PROVEN);
  });

  it("shows that a grant had ended before it was checked", async () => {
    const { steps } = await verifyEvidence(afterEnd, trust);
    const step = steps.find(({ name }) => name === "grantStood");
    expect(step?.outcome, JSON.stringify(steps, null, 1)).to.equal("fails");
    expect(step?.text.en).to.match(/act \d+ in block \d+ changed the grant before it was checked/);
  });

  it("is checked by the command line without any node, in both languages", async () => {
    const [file, roots, forged] = [join(dir, "evidence.json"), join(dir, "roots.json"), join(dir, "forged.json")];
    const genesis = Block.decode(world.ledger.blocks[0] as Uint8Array);
    await writeFile(file, JSON.stringify(served));
    await writeFile(forged, JSON.stringify(altered((bundle) => (bundle.witnesses = []))));
    await writeFile(roots, JSON.stringify(trustFileOf(bundleFromBlock(genesis.data?.data ?? []), CHAINCODE)));
    const good = await commandLine("verify", file, "--roots", roots, "--lang", "en");
    expect(good.code, good.text).to.equal(0);
    expect(good.text).to.include("The evidence holds.").and.include("Not proven:");
    const bad = await commandLine("verify", forged, "--roots", roots, "--lang", "zh");
    expect(bad.code).to.equal(1);
    expect(bad.text).to.include("证据不成立").and.include("✘ 其他部门见证");
    const nonsense = await commandLine("verify", roots, "--roots", roots, "--lang", "en");
    expect(nonsense.code).to.equal(2);
    expect(nonsense.text).to.include("is no evidence file");
  });

  it("cannot be made for a record that is not anchored yet", async () => {
    const filed = await access(await world.grant(["code", "name"]));
    await world.provider.exchange.log.publish();
    const failure = await exported(filed).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "NOT_YET");
  });
});

/** Runs `wanlian` with a node address that nobody serves. */
async function commandLine(...argv: string[]): Promise<{ code: number; text: string }> {
  const output = new PassThrough();
  const code = await run(argv, {
    environment: { WANLIAN_NODE: "http://127.0.0.1:1" },
    out: output,
    err: output,
    in: Readable.from([]),
  });
  output.end();
  return { code, text: (await output.toArray()).join("") };
}
