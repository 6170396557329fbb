import { exportEvidence, type ProvableRecord } from "@wanlian/client/evidence/export.js";
import { blocksBetween, leavesOf } from "@wanlian/client/evidence/tree-proofs.js";
import type { Anchor } from "@wanlian/client/read/ledger-reader.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { ActPlace, CaseEvidence, EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { type AccessRecord, encodeEntry, recordId, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { type AccessRequest, randomDigest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import type { TestOfficer } from "../client/test-ledger.js";
import { BUREAU, PROVIDER } from "../exchange/exchange-world.js";
import type { EvidenceWorld } from "./evidence-world.js";

/** What parties of an access say otherwise than it was, and who signs it. */
export interface Forgery {
  readonly request?: Partial<AccessRequest>;
  readonly record?: Readonly<Record<string, unknown>>;
  /** Who signs for the consumer. Default: the officer of the world. */
  readonly officer?: TestOfficer;
  /** Who signs the record. Default: the provider's node. */
  readonly provider?: TestOfficer;
  /** Who countersigns. Default: the consumer's node. */
  readonly receiver?: TestOfficer;
  /** What is countersigned instead of this record. */
  readonly countersigned?: Digest;
}

/** A record that was made up, in the provider's log. */
export interface Forged {
  readonly signed: SignedRecord;
  readonly position: number;
}

/** Provider and consumer with all their keys, who put records into the provider's log that say what they like. */
export class Forger {
  readonly #world: EvidenceWorld;
  readonly #certificates = new Map<Digest, string>();
  readonly #receipts = new Map<number, NonNullable<EvidenceFile["receipt"]>>();

  constructor(world: EvidenceWorld) {
    this.#world = world;
  }

  /** A record like another one but for what is forged; not in any log yet. */
  async sign(
    like: SignedRecord,
    { request = {}, record = {}, officer, provider }: Forgery = {},
  ): Promise<SignedRecord> {
    const { exchange } = this.#world;
    const { officer: asking } = exchange;
    const node = exchange.ledger.officerOf(exchange.provider.exchange.options.nodeSigner);
    const by = officer ?? asking;
    const wish = { ...like.record.request, certificate: this.#keep(by), nonce: randomDigest(), ...request };
    const said = {
      ...{ ...like.record, request: wish, nonce: randomDigest() },
      requestSignature: await signStatement("access-request", wish, by.signer),
      certificate: this.#keep(provider ?? node),
      ...record,
    } as AccessRecord;
    return { record: said, signature: await signStatement("access-record", said, (provider ?? node).signer) };
  }

  /** Puts a record into the provider's log, countersigned. */
  async file(signed: SignedRecord, { receiver, countersigned }: Forgery = {}): Promise<Forged> {
    const { exchange } = this.#world;
    const { position } = await exchange.provider.exchange.records.append(signed);
    const by = receiver ?? exchange.ledger.officerOf(exchange.consumer.exchange.options.nodeSigner);
    const statement = { record: countersigned ?? recordId(signed) };
    const signature = await signStatement("access-receipt", statement, by.signer);
    this.#receipts.set(position, { signature, certificate: this.#keep(by) });
    return { signed, position };
  }

  async forge(like: SignedRecord, forgery: Forgery = {}): Promise<Forged> {
    return await this.file(await this.sign(like, forgery), forgery);
  }

  /** Once the log is anchored and witnessed. @param opening of a closing */
  async evidence({ signed, position }: Forged, opening?: Forged): Promise<EvidenceFile> {
    const record: ProvableRecord = {
      ...{ department: PROVIDER, position, entry: encodeEntry(signed), receipt: this.#receipts.get(position) },
      opening: opening && { position: opening.position, entry: encodeEntry(opening.signed) },
      ...{ key: undefined, certificates: this.#certificates },
    };
    return await exportEvidence(record, this.#world.parts);
  }

  /** The same file by whoever shows other acts of its cases than the last, with all that the witnesses' trees say of them. */
  async showing(file: EvidenceFile, height: number, cases: readonly CaseEvidence[]): Promise<EvidenceFile> {
    const all = [...file.cases.filter((one) => !cases.some(({ noun }) => noun === one.noun)), ...cases];
    const places = all.flatMap(({ act, since }) => [act, ...(since === undefined ? [] : [since])]);
    const starts = places.map(({ block }) => block);
    const between = await blocksBetween(
      { starts, height, witnesses: await this.#witnesses(file) },
      this.#world.parts.tree,
    );
    return { ...(await this.#with(file, places)), cases: all, ...(between === undefined ? {} : { between }) };
  }

  /** The same file with another act as the one before the anchor. */
  async preceded(file: EvidenceFile, before: ActPlace): Promise<EvidenceFile> {
    return { ...(await this.#with(file, [before])), before };
  }

  /** With the blocks of these acts, and their leaves. */
  async #with(file: EvidenceFile, places: readonly ActPlace[]): Promise<EvidenceFile> {
    const { tree, fetchBlock } = this.#world.parts;
    const numbers = places.map(({ block }) => block);
    const shown = [...new Set([...file.leaves.map(({ leaf }) => leaf.block), ...numbers])];
    const blocks = await Promise.all(
      numbers.map(async (number) => [number, Buffer.from(await fetchBlock(number)).toString("base64")] as const),
    );
    return {
      ...file,
      leaves: await leavesOf(shown, await this.#witnesses(file), tree),
      blocks: { ...file.blocks, ...Object.fromEntries(blocks) },
    };
  }

  async #witnesses({ witnesses }: EvidenceFile): Promise<readonly Anchor[]> {
    const anchors = await this.#world.parts.history.anchors(BUREAU);
    return witnesses.map(
      ({ transaction }) =>
        anchors.find(({ transactionId }) => transactionId === transaction) ?? expect.fail("no such witness"),
    );
  }

  /** Where the act of a number stands. */
  async place(noun: string, id: string, number: number): Promise<ActPlace> {
    const { transaction_id, block } = await this.#world.parts.db
      .selectFrom("acts")
      .select(["transaction_id", "block"])
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("number", "=", number)
      .executeTakeFirstOrThrow();
    return { transaction: transaction_id as TransactionId, block: Number(block) };
  }

  #keep({ signer }: TestOfficer): Digest {
    const pem = Buffer.from(signer.certificate).toString("utf8");
    const id = Certificate.fromPem(pem).fingerprint as Digest;
    this.#certificates.set(id, pem);
    return id;
  }
}
