import { readFile, writeFile } from "node:fs/promises";
import { type DeliveredAnswer, parseAnswer } from "@wanlian/client/access/answer.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { Signer } from "@wanlian/client/core/services.js";
import { type Ask, ConsumerDesk } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { verifyRow } from "@wanlian/model/release/row-proof.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { reasonOf, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { keyedDigest, type SignedRequest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

/** Two rows of code 7, so that a look-up has something to leave out or give twice. */
const CSV = "code,name,id,note\n7,a,1,x\n7,b,2,y\n8,c,3,z\n";

type Payload = NonNullable<DeliveredAnswer["payload"]>;
type Changed = { readonly payload?: Payload | undefined; readonly proofs?: NonNullable<DeliveredAnswer["proofs"]> };
type Rows = Extract<Payload, { rows: unknown }>;

describe("an answer is the release's, or it is not countersigned", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let served: Rows;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    grant = await world.grant(["code", "name", "id"]);
    served = (await access()).payload as Rows;
  });
  after(() => world.remove());

  const ask = (more: Partial<Ask> = {}): Ask => world.ask(grant, { subject: { code: "7" }, ...more });
  const access = (more?: Partial<Ask>) => world.consumer.exchange.consumer.access(world.officer.signer, ask(more));

  /** A provider that changes what it found, and signs a record that fits what it gives. */
  async function lie(change: (answer: DeliveredAnswer) => Changed, more?: Partial<Ask>) {
    const { parts } = world.consumer.exchange.consumer;
    const { nodeSigner } = await world.ledger.node(PROVIDER);
    const json = async (...[to, path, body]: Parameters<typeof parts.connections.json>) => {
      const honest = (await parts.connections.json(to, path, body)) as DeliveredAnswer;
      const answer = { ...honest, ...change(structuredClone(honest)) };
      if (answer.payload === undefined) return answer;
      const { key } = body as SignedRequest;
      const rows = "rows" in answer.payload ? answer.payload.rows.length : 0;
      const bytes = canonicalBytes(answer.payload);
      const figures = { rows, bytes: bytes.length, response: keyedDigest(key, bytes) };
      const record = { ...honest.record.signed.record, ...figures } as SignedRecord["record"];
      const signed = { record, signature: await signStatement("access-record", record, nodeSigner) };
      return { ...answer, record: { ...honest.record, signed } };
    };
    const connections = { json, post: parts.connections.post.bind(parts.connections) };
    const desk = new ConsumerDesk({ ...parts, connections });
    const before = world.consumer.exchange.log.size;
    try {
      await desk.access(world.officer.signer, ask(more));
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      await world.consumer.exchange.missed.ask();
      expect(world.consumer.exchange.log.size, "not filed, so not countersigned, also not later").to.equal(before);
      return `${error.code}: ${error.message}`;
    }
    return "taken";
  }

  const rows = (answer: DeliveredAnswer) => answer.payload as Rows;
  const proofsOf = ({ proofs = [] }: DeliveredAnswer) => proofs;
  /** The first row changed, its proof left as it is. */
  const withRow = (row: (string | null)[]) => (answer: DeliveredAnswer) => ({
    payload: { ...rows(answer), rows: [row, ...rows(answer).rows.slice(1)] },
  });

  it("is taken where the provider changes nothing, or leaves a row out, which is its word", async () => {
    expect(await lie(() => ({}))).to.equal("taken");
    const one = (answer: DeliveredAnswer) => ({
      payload: { ...rows(answer), rows: rows(answer).rows.slice(1) },
      proofs: proofsOf(answer).slice(1),
    });
    expect(await lie(one)).to.equal("taken");
  });

  const NOT_THE_RELEASES = "row 1 is not the release's";
  const NOT_THE_RECORDS = "what came is not what the provider's record says of it";
  const OTHER_PROOFS = "the proofs are not of these rows";
  const OTHER_FIELDS = "other fields came than were asked for";
  const OTHER_WAY = "a look-up was answered as a verification";
  const ANOTHER_SUBJECT = "a row is of another subject";
  const RAGGED = "a row has not one value for each field";
  const lies: [string, string, (answer: DeliveredAnswer) => Changed, Partial<Ask>?][] = [
    ["another value", NOT_THE_RELEASES, withRow(["7", "A"])],
    ["a missing value for one that is there", NOT_THE_RELEASES, withRow(["7", null])],
    ["cells of two rows in one", NOT_THE_RELEASES, withRow(["7", "b"])],
    ["another subject", ANOTHER_SUBJECT, withRow(["8", "a"])],
    ["another subject, not shown", NOT_THE_RELEASES, withRow(["c"]), { fields: ["name"] }],
    ["a value too few", RAGGED, withRow(["7"])],
    ["a value too many", RAGGED, withRow(["7", "a", "1"])],
    ["other fields", OTHER_FIELDS, (answer) => ({ payload: { ...rows(answer), fields: ["code", "id"] } })],
    [
      "a row twice",
      OTHER_PROOFS,
      (answer) => ({
        payload: { ...rows(answer), rows: [...rows(answer).rows, ...rows(answer).rows] },
        proofs: [...proofsOf(answer), ...proofsOf(answer)],
      }),
    ],
    ["proofs in another order", NOT_THE_RELEASES, (answer) => ({ proofs: proofsOf(answer).reverse() })],
    ["a proof too few", OTHER_PROOFS, (answer) => ({ proofs: proofsOf(answer).slice(1) })],
    [
      "a proof too many",
      OTHER_PROOFS,
      (answer) => ({ proofs: [...proofsOf(answer), ...proofsOf(answer)].slice(0, 3) }),
    ],
    ["no proofs", OTHER_PROOFS, () => ({ proofs: [] })],
    [
      "a verification's answer",
      OTHER_WAY,
      (answer) => ({ payload: { match: true }, proofs: proofsOf(answer).slice(1) }),
    ],
    ["rows where yes or no was asked", OTHER_FIELDS, () => ({ payload: served }), { way: "verification" }],
    ["a yes without a proof", OTHER_PROOFS, () => ({ payload: { match: true }, proofs: [] }), { way: "verification" }],
    [
      "a yes for a no",
      OTHER_PROOFS,
      () => ({ payload: { match: true } }),
      { way: "verification", subject: { code: "7", id: "3" } },
    ],
    ["a no with a proof", OTHER_PROOFS, () => ({ payload: { match: false } }), { way: "verification" }],
    ["nothing, where the record says that something came", NOT_THE_RECORDS, () => ({ payload: undefined, proofs: [] })],
  ];
  for (const [what, why, change, more] of lies) {
    it(`is refused: ${what}`, async () => {
      expect(await lie(change, more)).to.equal(`BAD_ANSWER: ${why}`);
    });
  }

  it("is not taken with a record of another request, or of another signature on it", async () => {
    const { consumer } = world.consumer.exchange;
    const { nodeSigner } = await world.ledger.node(PROVIDER);
    const outcome = async (change: (record: SignedRecord["record"]) => object) => {
      const request = await consumer.sign(world.officer.signer, ask());
      const { connections } = consumer.parts;
      const { record: honest } = parseAnswer(await connections.json(PROVIDER, "/exchange/v1/access", request));
      const record = { ...honest.signed.record, ...change(honest.signed.record) } as SignedRecord["record"];
      const signed = { record, signature: await signStatement("access-record", record, nodeSigner) };
      return await consumer.file(request, { ...honest, signed }).then(
        () => "taken",
        ({ code }: ExchangeError) => code,
      );
    };
    expect(await outcome(() => ({}))).to.equal("taken");
    expect(await outcome(({ request }) => ({ request: { ...request, scenario: "another" } }))).to.equal("BAD_ANSWER");
    const { signature } = await consumer.sign(world.officer.signer, ask());
    expect(await outcome(() => ({ requestSignature: signature }))).to.equal("BAD_ANSWER");
  });

  it("is not taken where an officer signed its record in the node's place, or where another ledger was looked at", async () => {
    const { received } = world.consumer.exchange.consumer.parts;
    const { signed, position } = (await access()).filed;
    const { signer: officer } = await world.ledger.officer(PROVIDER, "2009", "user");
    const { nodeSigner } = await world.ledger.node(PROVIDER);
    const outcome = async (by: Signer, checked = signed.record.checked, named = by) => {
      const certificate = Certificate.fromPem(named.certificate).fingerprint as Digest;
      const record = { ...signed.record, checked, certificate } as SignedRecord["record"];
      const made = { record, signature: await signStatement("access-record", record, by) };
      const delivered = { signed: made, position, certificate: Buffer.from(by.certificate).toString() };
      return await received.take("00".repeat(32) as Digest, delivered).then(
        () => "taken",
        ({ code }: ExchangeError) => code,
      );
    };
    expect(await outcome(officer)).to.equal("BAD_SIGNATURE");
    expect(await outcome(nodeSigner, undefined, officer), "names another certificate").to.equal("BAD_SIGNATURE");
    const other = { ...signed.record.checked, block: "ab".repeat(32) as Digest };
    expect(await outcome(nodeSigner, other)).to.equal("BAD_ANSWER");
  });

  it("has as many rows as an answer holds, and says that there are more", async () => {
    const long = "x".repeat(10_000);
    const many = (count: number) =>
      `code,name\n${Array.from({ length: count }, (_, at) => `7,${at} ${long}`).join("\n")}\n`;
    for (const [count, all] of [
      [500, true],
      [900, false],
    ] as const) {
      const wide = await makeExchangeWorld({ csv: many(count) });
      try {
        const asked = wide.ask(await wide.grant(["code", "name"]), { subject: { code: "7" } });
        const { payload, filed } = await wide.consumer.exchange.consumer.access(wide.officer.signer, asked);
        const { rows, more } = payload as Rows;
        expect(filed.signed.record).to.include({ result: "served", rows: rows.length });
        expect(more).to.equal(!all);
        expect(rows.length).to.be.within(all ? count : 400, all ? count : count - 1);
      } finally {
        await wide.remove();
      }
    }
  });

  it("shows whoever is given cells and proofs that they are the release's", async () => {
    const { payload, proofs } = await access({ fields: ["name"] });
    const release = world.ledger.state("release", world.release);
    expect(proofs).to.have.length(2);
    for (const [at, [name]] of ((payload as Rows).rows as string[][]).entries()) {
      const cells = new Map([
        ["code", "7"],
        ["name", name as string],
      ]);
      expect(release && proofs?.[at] && verifyRow(proofs[at], cells, release)).to.equal(true);
    }
  });

  it("is refused at the first touch of a source that changed, on the record, and the steward is told", async () => {
    const outcome = async (more?: Partial<Ask>) => {
      const { record } = (await access(more)).filed.signed;
      return reasonOf(record) ?? record.result;
    };
    const original = await readFile(world.file, "utf8");
    expect(await outcome()).to.equal("served");
    // A cell that nobody is granted; a row that is gone; one that is new.
    for (const changed of [CSV.replace("x", "X"), CSV.replace("8,c,3,z\n", ""), `${CSV}9,d,4,w\n`]) {
      await writeFile(world.file, changed);
      expect(await outcome(), changed).to.equal("SOURCE_DIFFERS");
      expect(await outcome({ subject: { code: "8" } }), `${changed}: no such row`).to.equal("SOURCE_DIFFERS");
      expect(world.provider.changedSources.at(-1)).to.deep.equal([{ dataset: ask().dataset, release: world.release }]);
    }
    await writeFile(world.file, original);
    expect(await outcome(), "the same data in a file of another state").to.equal("served");
    expect(world.provider.changedSources.at(-1)).to.deep.equal([]);
  });
});
