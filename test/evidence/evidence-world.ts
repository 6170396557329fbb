import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import type { ExportParts } from "@wanlian/client/evidence/export.js";
import { evidenceOfOwn } from "@wanlian/client/evidence/own-records.js";
import { compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { LedgerTree } from "@wanlian/client/ledger-tree/ledger-tree.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { rowDigest } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { formatVerifierKey, noteSigner } from "@wanlian/model/note.js";
import { type EvidenceFile, parseEvidence } from "@wanlian/verify/evidence-file.js";
import { type AccessRecord, recordId, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import type { ShownAnswer } from "@wanlian/verify/records/shown-answer.js";
import { type EvidenceTrust, type TrustFile, trustFileOf, trustOf } from "@wanlian/verify/trust.js";
import { expect } from "chai";
import { anchor } from "../audit/audit-world.js";
import { CHAINCODE, CHANNEL } from "../client/test-ledger.js";
import {
  BUREAU,
  CONSUMER,
  DATASET,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  type Side,
  type WorldOptions,
} from "../exchange/exchange-world.js";

/** Accesses of every kind, their logs anchored and witnessed; and a node of the bureau's that makes evidence of them. */
export class EvidenceWorld {
  readonly exchange: ExchangeWorld;
  readonly parts: ExportParts;
  readonly file: TrustFile;
  readonly trust: EvidenceTrust;
  /** What officers were given, by record. */
  readonly #answers = new Map<string, ShownAnswer>();

  private constructor(exchange: ExchangeWorld, parts: ExportParts) {
    this.exchange = exchange;
    this.parts = parts;
    this.file = trustFileOf(exchange.ledger.blocks[0] as Uint8Array, CHAINCODE);
    this.trust = trustOf(this.file);
  }

  static async make(options: WorldOptions = {}): Promise<EvidenceWorld> {
    const exchange = await makeExchangeWorld(options);
    const parts: ExportParts = {
      channel: CHANNEL,
      chaincode: CHAINCODE,
      db: exchange.bureau.exchange.options.db,
      history: exchange.bureau.view.honest,
      tree: new LedgerTree(exchange.bureau.exchange.options.db),
      fetchBlock: async (number) => exchange.ledger.blocks[number] as Uint8Array,
      tiles: (department) => {
        const side = department === PROVIDER ? exchange.provider : exchange.consumer;
        const disk = localDisk(join(side.exchange.options.dir, "log"));
        return (path) => disk.read(path);
      },
    };
    return new EvidenceWorld(exchange, parts);
  }

  async remove(): Promise<void> {
    await this.exchange.remove();
  }

  async lookUp(grant: TransactionId, more: Partial<Ask> = {}): Promise<SignedRecord> {
    const ask = this.exchange.ask(grant, { subject: { code: "0371" }, ...more });
    const accessed = await this.exchange.consumer.exchange.consumer.access(this.exchange.officer.signer, ask);
    const { signed } = accessed.filed;
    const { subject, payload, proofs } = { subject: ask.subject, ...accessed };
    if (payload !== undefined)
      this.#answers.set(recordId(signed), { ...(subject && { subject }), payload, proofs } as ShownAnswer);
    return signed;
  }

  /** @returns opening and closing */
  async download(grant: TransactionId): Promise<[SignedRecord, SignedRecord]> {
    const { consumer, officer, provider } = this.exchange;
    const ask = this.exchange.ask(grant, { way: "download" });
    let closing: SignedRecord | undefined;
    for await (const part of downloadRelease(consumer.exchange.consumer, officer.signer, ask)) {
      if (part.$case === "end") closing = part.filed.signed;
    }
    const { records, log } = provider.exchange;
    const opening = (await records.find(log.size - 2))?.signed;
    return [opening ?? expect.fail("no opening"), closing ?? expect.fail("no closing")];
  }

  /** @returns opening and closing of a comparison by keyed digests */
  async compare(grant: TransactionId): Promise<[SignedRecord, SignedRecord]> {
    const { consumer, officer, provider } = this.exchange;
    const { way: _way, road: _road, ...ask } = this.exchange.ask(grant);
    const key = randomDigest();
    const rows = rowDigest(Buffer.from(key, "hex"), ["0371"]).toString("base64");
    let closing: SignedRecord | undefined;
    const asked = { ...ask, by: ["code"], compared: { key, rows } };
    for await (const part of compareWithRelease(consumer.exchange.consumer, officer.signer, asked)) {
      if (part.$case === "end") closing = part.filed.signed;
    }
    const { records, log } = provider.exchange;
    const opening = (await records.find(log.size - 2))?.signed;
    return [opening ?? expect.fail("no opening"), closing ?? expect.fail("no closing")];
  }

  /** A look-up that the provider serves although something that decides has ended: it pretends that nothing did. */
  async servedAfter(ended: "application" | "release" | "mandate"): Promise<SignedRecord> {
    const { view } = this.exchange.provider;
    const { act, steward } = this.exchange;
    const pretend = async (noun: typeof ended, id: string) =>
      view.pretended.set(id, (await view.head(noun, id)) ?? expect.fail(`no ${noun}`));
    if (ended === "mandate") return await this.#servedAfterMandate(pretend);
    const grant = await this.exchange.grant(["code", "name"]);
    const reasons = { digest: "cd".repeat(32) };
    if (ended === "application") {
      await pretend("application", grant);
      await act(steward, { noun: "application", case: grant, type: "suspend", body: { reasons } });
      return await this.lookUp(grant);
    }
    await pretend("release", this.exchange.release);
    await act(steward, { noun: "release", case: this.exchange.release, type: "withdraw", body: { reasons } });
    return await this.lookUp(grant);
  }

  /** The consumer acts for the bureau, which takes its mandate back. */
  async #servedAfterMandate(pretend: (noun: "mandate", id: string) => Promise<unknown>): Promise<SignedRecord> {
    const { act, ledger } = this.exchange;
    const principal = await ledger.officer(BUREAU, "2001", "steward");
    const body = {
      ...{ agent: CONSUMER, datasets: [DATASET], purposes: ["verification"], reason: "acts for the bureau" },
      ...{ from: "2026-03-02T00:00:00Z", to: "2026-12-31T00:00:00Z" },
    };
    const mandate = await act(principal, { noun: "mandate", case: null, type: "delegate", body });
    const grant = await this.proxyGrant(mandate);
    await pretend("mandate", mandate);
    await act(principal, { noun: "mandate", case: mandate, type: "revoke", body: {} });
    return await this.lookUp(grant, { principal: BUREAU, mandate });
  }

  /** A grant that rests on a mandate. The dataset is shared on conditions from here on. */
  async proxyGrant(mandate: TransactionId): Promise<TransactionId> {
    const { act, steward, officer, conditional } = this.exchange;
    await conditional();
    const frequency = { calls: 1000, per: "day" };
    const period = { from: "2026-03-02", to: "2026-03-31" };
    const wish = { dataset: DATASET, fields: ["code", "name"], frequency, ...period };
    const asked = { ...wish, purpose: "verification", scenario: "household registration", duty: "duty" };
    const grant = await act(officer, {
      ...{ noun: "application", case: null, type: "apply" },
      body: { ...asked, kind: "proxy", mandate },
    });
    await act(steward, { noun: "application", case: grant, type: "grant", body: wish });
    return grant;
  }

  /** Anchors both parties' logs, and then the bureau's, which witnesses all before it. */
  async witness(): Promise<void> {
    await this.exchange.consumer.exchange.receipts.settled();
    for (const side of [this.exchange.provider, this.exchange.consumer, this.exchange.bureau]) {
      await anchor(this.exchange, side, await this.ledgerRoot());
    }
    // The bureau's tells of the blocks before its own; one more for whatever its own block was found to be.
    await anchor(this.exchange, this.exchange.bureau, await this.ledgerRoot());
  }

  /** One department's log and ledger, as its node anchors them by itself. */
  async anchor(side: Side): Promise<void> {
    await anchor(this.exchange, side, await this.ledgerRoot());
  }

  /** A department that has no node here: a log of its own, with one entry, and what it has seen of the ledger. */
  async beginsAndAnchors(department: MspId): Promise<void> {
    const { act, ledger } = this.exchange;
    const node = await ledger.officer(department, "node", "node");
    const log = noteSigner(`${CHANNEL}/log/${department}`, generateKeyPairSync("ed25519").privateKey);
    const own = { noun: "log", case: department } as const;
    const [begun, grown] = [EMPTY_TREE, { size: 1, root: leafHash(Buffer.from("an entry")) }].map((head) =>
      signCheckpoint(head, log),
    );
    await act(node, { ...own, type: "open", body: { key: formatVerifierKey(log.key), checkpoint: begun } });
    const seen = await this.ledgerRoot();
    await act(node, { ...own, type: "anchor", body: { checkpoint: grown, consistency: [], ledger: seen } });
  }

  /** As it comes back from a file. */
  async evidence(
    signed: SignedRecord,
    side = this.exchange.provider,
    opens: (record: AccessRecord) => boolean = () => true,
    parts: ExportParts = this.parts,
  ): Promise<EvidenceFile> {
    const { records, index, vault, certificates, options } = side.exchange;
    const own = { department: options.department, records, index, vault, certificates };
    const bundle = await evidenceOfOwn(own, recordId(signed) as Digest, parts, opens);
    return parseEvidence(JSON.parse(JSON.stringify(bundle)));
  }

  /** As `evidence`, with what was looked up and what came. */
  async opened(signed: SignedRecord, side = this.exchange.provider): Promise<EvidenceFile> {
    const answer = this.#answers.get(recordId(signed)) ?? expect.fail("nothing came");
    return parseEvidence(JSON.parse(JSON.stringify({ ...(await this.evidence(signed, side)), answer })));
  }

  async ledgerRoot() {
    const { tree } = this.parts;
    await tree.catchUp();
    return { blocks: tree.size, root: tree.root(tree.size) };
  }
}
