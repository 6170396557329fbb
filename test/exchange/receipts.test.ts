import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createServer } from "node:tls";
import { parseAnswer } from "@wanlian/client/access/answer.js";
import type { FiledRecord } from "@wanlian/client/access/record-log.js";
import type { Receipt } from "@wanlian/client/access/vault.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { recordId } from "@wanlian/verify/records/access-record.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

/** Nobody listens there. */
const NOWHERE = "127.0.0.1:1";
const AWAY = "AwayMSP" as MspId;

describe("receipts that a node could not deliver before it died", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  beforeEach(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
  });
  afterEach(() => world.remove());

  /** Takes the provider's answer, after which the provider is out of reach. */
  const answered = async () => {
    const { consumer, connections } = world.consumer.exchange;
    const request = await consumer.sign(world.officer.signer, world.ask(grant, { subject: { code: "0371" } }));
    const answer = parseAnswer(await connections.json(PROVIDER, "/exchange/v1/access", request));
    world.addresses.set(PROVIDER, NOWHERE);
    return { request, delivered: answer.record };
  };
  const restartInReach = async () => {
    await world.consumer.exchange.close();
    world.addresses.set(PROVIDER, world.provider.exchange.address);
    await world.consumer.reopen();
    await world.consumer.exchange.receipts.settled();
  };
  const receiptAt = (position: number): Receipt | undefined => world.provider.exchange.vault.read(position).receipt;
  const ownReceipt = ({ position }: FiledRecord) => world.consumer.exchange.vault.read(position).receipt;

  it("are delivered by its next run, the same ones, and not again by the one after", async () => {
    const { request, delivered } = await answered();
    const filed = await world.consumer.exchange.consumer.file(request, delivered);
    expect(receiptAt(delivered.position), "out of reach").to.equal(undefined);
    const countersigned = ownReceipt(filed);
    await restartInReach();
    expect(receiptAt(delivered.position)).to.deep.equal(countersigned);
    world.addresses.set(PROVIDER, NOWHERE);
    await world.consumer.restart();
    // Would try for ever, were there anything left to deliver.
    await world.consumer.exchange.receipts.settled();
  });

  it("are made by its next run where it had logged the record and not countersigned it", async () => {
    const { delivered } = await answered();
    const filed = await world.consumer.exchange.records.append(delivered.signed);
    await restartInReach();
    const receipt = receiptAt(delivered.position);
    expect(receipt).not.to.equal(undefined);
    expect(receipt).to.deep.equal(ownReceipt(filed));
  });

  it("leave the first one in place when they come twice", async () => {
    const { request, delivered } = await answered();
    world.addresses.set(PROVIDER, world.provider.exchange.address);
    const { consumer, receipts } = world.consumer.exchange;
    const filed = await consumer.file(request, delivered);
    await receipts.settled();
    const first = receiptAt(delivered.position);
    receipts.send(filed, await receipts.countersign(filed.id), delivered.position);
    await receipts.settled();
    expect(receiptAt(delivered.position)).to.deep.equal(first);
  });

  it("are found by the record's name after the provider died too", async () => {
    const { request, delivered } = await answered();
    const filed = await world.consumer.exchange.consumer.file(request, delivered);
    await world.provider.restart();
    await restartInReach();
    expect(receiptAt(delivered.position)).to.deep.equal(ownReceipt(filed));
  });
});

describe("receipts", () => {
  let world: ExchangeWorld;
  beforeEach(async () => {
    world = await makeExchangeWorld();
  });
  afterEach(() => world.remove());

  it("reach a provider however long another is away", async () => {
    const { receipts, records, consumer, connections } = world.consumer.exchange;
    const grant = await world.grant(["code"]);
    const request = await consumer.sign(
      world.officer.signer,
      world.ask(grant, { fields: ["code"], subject: { code: "000" } }),
    );
    const { record } = parseAnswer(await connections.json(PROVIDER, "/exchange/v1/access", request));
    // A record of a provider that nobody reaches, before the one of a provider that is there.
    const away = structuredClone(record.signed);
    const other = { ...away, record: { ...away.record, request: { ...away.record.request, provider: AWAY } } };
    const absent = await records.append(other);
    world.addresses.set(AWAY, NOWHERE);
    receipts.send(absent, await receipts.countersign(absent.id), 0);
    const filed = await consumer.file(request, record);
    const there = () => world.provider.exchange.vault.read(record.position).receipt;
    while (there() === undefined) await setTimeout(5);
    expect(there()).to.deep.equal(world.consumer.exchange.vault.read(filed.position).receipt);
  });

  it("reach a provider while another takes everything and says nothing, and the node ends all the same", async () => {
    const { records, receipts, consumer, connections } = world.consumer.exchange;
    const { cert, key } = world.bureau.exchange.options.tls;
    const taken: Buffer[] = [];
    const silent = createServer({ cert, key }, (socket) => {
      socket.on("data", (bytes) => taken.push(bytes)).on("error", () => undefined);
    });
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    world.addresses.set(BUREAU, `127.0.0.1:${(silent.address() as AddressInfo).port}`);
    try {
      const grant = await world.grant(["code"]);
      const ask = () => world.ask(grant, { fields: ["code"], subject: { code: "000" } });
      const { filed } = await consumer.access(world.officer.signer, ask());
      const { signed } = filed;
      const other = {
        ...signed,
        record: { ...signed.record, request: { ...signed.record.request, provider: BUREAU } },
      };
      const held = await records.append(other);
      receipts.send(held, await receipts.countersign(held.id), 0);
      const unanswered = connections
        .json(BUREAU, "/exchange/v1/records", { requests: [] })
        .catch((error) => error.code);
      while (taken.length === 0) await setTimeout(5);
      // It holds up nothing that is another's.
      const next = await consumer.access(world.officer.signer, ask());
      const { records: theirs, vault } = world.provider.exchange;
      const there = () => vault.read(theirs.recentPosition(next.filed.id) ?? -1).receipt;
      while (there() === undefined) await setTimeout(5);
      const began = performance.now();
      await world.consumer.restart();
      expect(performance.now() - began, "ms to end and begin").to.be.below(10_000);
      expect(await unanswered).to.equal("UNREACHABLE");
    } finally {
      silent.close();
    }
  });

  it("are taken each by itself: one of another form, or of nothing, holds up no other", async () => {
    const { receipts, consumer, connections } = world.consumer.exchange;
    const grant = await world.grant(["code"]);
    const ask = world.ask(grant, { fields: ["code"], subject: { code: "000" } });
    const request = await consumer.sign(world.officer.signer, ask);
    const { record } = parseAnswer(await connections.json(PROVIDER, "/exchange/v1/access", request));
    const id = recordId(record.signed);
    const { signature } = await receipts.countersign(id);
    const { nodeSigner } = await world.ledger.node(CONSUMER);
    const certificate = Buffer.from(nodeSigner.certificate).toString();
    const good = { record: id, position: record.position, signature, certificate };
    const padded = { ...good, signature: `${signature.slice(0, -4)}AAAA${signature.slice(-4)}` };
    const anothers = { ...good, signature: (await receipts.countersign("ab".repeat(32) as Digest)).signature };
    const bad = [{ record: id }, { ...good, more: 1 }, padded, anothers, { ...good, record: "00".repeat(32) }];
    const answer = await connections.json(PROVIDER, "/exchange/v1/receipts", { receipts: [...bad, good] });
    expect((answer as { refused: { code: string }[] }).refused.map(({ code }) => code)).to.deep.equal([
      "INVALID_INPUT",
      "INVALID_INPUT",
      "BAD_SIGNATURE",
      "BAD_SIGNATURE",
      "NOT_FOUND",
    ]);
    expect(world.provider.exchange.vault.read(record.position).receipt).to.have.property("signature", signature);
  });

  it("count only from the node of the department whose record it is", async () => {
    const grant = await world.grant(["code"]);
    const ask = world.ask(grant, { fields: ["code"], subject: { code: "000" } });
    const { consumer, connections } = world.consumer.exchange;
    const request = await consumer.sign(world.officer.signer, ask);
    const { record } = parseAnswer(await connections.json(PROVIDER, "/exchange/v1/access", request));
    const id = recordId(record.signed);
    const { nodeSigner } = await world.ledger.node(BUREAU);
    const { signature } = await world.bureau.exchange.receipts.countersign(id);
    const certificate = Buffer.from(nodeSigner.certificate).toString();
    const foreign = { record: id, position: record.position, signature, certificate };
    const answer = await world.bureau.exchange.connections.json(PROVIDER, "/exchange/v1/receipts", {
      receipts: [foreign],
    });
    expect(answer).to.deep.equal({ refused: [{ record: id, code: "NOT_FOUND" }] });
    // Nor from an officer of that department, who is not its node.
    const { signer } = world.officer;
    const officers = {
      ...{ record: id, position: record.position, certificate: Buffer.from(signer.certificate).toString() },
      signature: await signStatement("access-receipt", { record: id }, signer),
    };
    const refused = await connections.json(PROVIDER, "/exchange/v1/receipts", { receipts: [officers] });
    expect(refused).to.deep.equal({ refused: [{ record: id, code: "NOT_PERMITTED" }] });
    expect(world.provider.exchange.vault.read(record.position).receipt).to.equal(undefined);
  });
});
