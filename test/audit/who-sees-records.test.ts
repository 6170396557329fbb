import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Role } from "@wanlian/model/roles.js";
import { recordId } from "@wanlian/verify/records/access-record.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "../exchange/exchange-world.js";
import { anchor, makeAuditor, type TestAuditor } from "./audit-world.js";

/** 数据局只见总量和趋势: single records are the parties' and a mandated auditor's. */
describe("who sees the records of an access", () => {
  let world: ExchangeWorld;
  let auditor: TestAuditor;
  let record: ReturnType<typeof recordId>;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    const grant = await world.grant(["code", "name"]);
    const ask = world.ask(grant, { subject: { code: "0371" } });
    const { filed } = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    record = recordId(filed.signed);
    await world.consumer.exchange.receipts.settled();
    auditor = await makeAuditor(world, "9100");
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
  });
  after(() => world.remove());

  const codeOf = async (act: Promise<unknown>) => {
    const error = await act.then(
      () => undefined,
      (cause: unknown) => cause as { details?: { code?: string } },
    );
    return error === undefined ? "answered" : (error.details?.code ?? String(error));
  };
  /** An officer of a department's asks a party's node for entries, and for the one record, under a mandate. */
  const asks = async (department: MspId, number: string, role: Role, mandate: TransactionId, node = PROVIDER) => {
    const { signer } = await world.ledger.officer(department, number, role);
    const mandated = { signer, mandate, filter: {} };
    return [
      await codeOf(auditor.auditor.ask(mandated, node)),
      await codeOf(auditor.auditor.record(mandated, node, record as never)),
    ];
  };

  for (const node of [PROVIDER, CONSUMER]) {
    it(`the mandated auditor does, at ${node}`, async () => {
      expect(await asks(BUREAU, "9100", "auditor", auditor.mandate, node)).to.deep.equal(["answered", "answered"]);
    });

    for (const role of ["steward", "user", "administrator", "machine", "node"] as const) {
      it(`the bureau's ${role} does not, at ${node}: not under its own auditor's mandate, nor by that number`, async () => {
        const refused = ["NOT_PERMITTED", "NOT_PERMITTED"];
        expect(await asks(BUREAU, "9200", role, auditor.mandate, node)).to.deep.equal(refused);
        expect(await asks(BUREAU, "9100", role, auditor.mandate, node), "the auditor's number").to.deep.equal(refused);
      });
    }

    it(`another auditor of the bureau's does not, at ${node}`, async () => {
      expect(await asks(BUREAU, "9101", "auditor", auditor.mandate, node)).to.deep.equal([
        "NOT_PERMITTED",
        "NOT_PERMITTED",
      ]);
    });
  }

  it("the bureau's node has none of them: its log and its index are of its own accesses", async () => {
    for (const side of [world.bureau, world.provider, world.consumer]) await side.exchange.index.catchUp();
    const { log, index } = world.bureau.exchange;
    expect(log.size).to.equal(0);
    expect(await index.positionOf(record)).to.equal(undefined);
    expect(await world.provider.exchange.index.positionOf(record)).to.be.a("number");
    expect(await world.consumer.exchange.index.positionOf(record)).to.be.a("number");
  });
});
