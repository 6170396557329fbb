import { parseAnswer } from "@wanlian/client/access/answer.js";
import type { FiledRecord } from "@wanlian/client/access/record-log.js";
import type { Receipt } from "@wanlian/client/access/vault.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

/** Nobody listens there. */
const NOWHERE = "127.0.0.1:1";

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
