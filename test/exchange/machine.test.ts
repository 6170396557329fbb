import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { reasonOf } from "@wanlian/verify/records/access-record.js";
import type { SignedRequest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import type { TestOfficer } from "../client/test-ledger.js";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

describe("a machine that uses data", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let machine: TestOfficer;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    grant = await world.grant(["code", "name"]);
    machine = await world.ledger.officer(CONSUMER, "sys-household", "machine");
  });
  after(() => world.remove());

  const ask = (more: Partial<Ask> = {}) => world.ask(grant, { subject: { code: "0371" }, ...more });
  const access = (officer: TestOfficer) => world.consumer.exchange.consumer.access(officer.signer, ask());

  it("is served under its department's grant, and both logs say that it was a machine", async () => {
    const { filed } = await access(machine);
    const { result, request } = filed.signed.record;
    expect([result, request.officer, request.machine]).to.deep.equal(["served", "sys-household", true]);
    for (const { exchange } of [world.provider, world.consumer]) {
      await exchange.log.publish();
      await exchange.index.catchUp();
      const [row] = await exchange.index.find({}, { limit: 1 });
      expect(row).to.include({ officer: "sys-household", machine: 1 });
    }
  });

  it("is told apart from people, whose records say nothing of it", async () => {
    const { filed } = await access(world.officer);
    expect(filed.signed.record.request).not.to.have.property("machine");
    const { log, index } = world.consumer.exchange;
    await log.publish();
    await index.catchUp();
    const [row] = await index.find({}, { limit: 1 });
    expect(row).to.include({ officer: "3001", machine: 0 });
  });

  it("can neither pass for a person, nor a person for it", async () => {
    const { consumer, connections } = world.consumer.exchange;
    const sent = async (officer: TestOfficer, change: (request: SignedRequest["request"]) => object) => {
      const signed = await consumer.sign(officer.signer, ask());
      const request = change(signed.request) as SignedRequest["request"];
      const signature = await signStatement("access-request", request, officer.signer);
      try {
        await connections.json(PROVIDER, "/exchange/v1/access", { ...signed, request, signature });
      } catch (error) {
        if (error instanceof ExchangeError) return String(error.details.code);
        throw error;
      }
      return "answered";
    };
    expect(await sent(machine, ({ machine: _hidden, ...request }) => request)).to.equal("BAD_SIGNATURE");
    expect(await sent(world.officer, (request) => ({ ...request, machine: true }))).to.equal("BAD_SIGNATURE");
    expect(await sent(machine, (request) => ({ ...request, machine: false }))).to.equal("INVALID_INPUT");
    expect(await sent(machine, (request) => request)).to.equal("answered");
  });

  it("is refused on the record where version 1 of the rules is in force", async () => {
    const before = await makeExchangeWorld();
    try {
      const granted = await before.grant(["code", "name"]);
      const early = await before.ledger.officer(CONSUMER, "sys-household", "machine");
      const asked = before.ask(granted, { subject: { code: "0371" } });
      const { filed } = await before.consumer.exchange.consumer.access(early.signer, asked);
      expect(reasonOf(filed.signed.record)).to.equal("NOT_A_USER");
    } finally {
      await before.remove();
    }
  });
});
