import { checkGrant } from "@wanlian/client/access/grant-check.js";
import { RecordKeeper } from "@wanlian/client/exchange/provider/record-keeper.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { AccessRecord } from "@wanlian/verify/records/access-record.js";
import { expect } from "chai";
import { anchor, makeAuditor } from "../audit/audit-world.js";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

describe("a stream that the provider's node did not live to close", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  beforeEach(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
  });
  afterEach(() => world.remove());

  /** The provider files the opening, the consumer gets it, and there it ends. */
  const opened = async () => {
    const { exchange, view } = world.provider;
    const { records: log, vault, certificates, options } = exchange;
    const { consumer } = world.consumer.exchange;
    const signed = await consumer.sign(world.officer.signer, world.ask(grant, { way: "download" }));
    await certificates.keep(Certificate.fromPem(signed.certificate));
    const { awaited } = world.provider.exchange;
    const keeper = new RecordKeeper({ signer: options.nodeSigner, log, vault, certificates, awaited });
    const outcome = { kind: "opening", result: "opened", rows: 0, bytes: 0 } as const;
    const opening = await keeper.file(signed, await checkGrant(signed.request, view), outcome);
    const { certificate } = keeper;
    await consumer.file(signed, { signed: opening.signed, position: opening.position, certificate });
    await world.consumer.exchange.receipts.settled();
    return opening;
  };
  const recordAt = async (position: number): Promise<AccessRecord | undefined> =>
    (await world.provider.exchange.records.find(position))?.signed.record;

  it("is closed as interrupted when the node starts again, once", async () => {
    const { id, position } = await opened();
    await world.provider.restart();
    const interrupted = { kind: "closing", result: "failed", reason: "INTERRUPTED", rows: 0, bytes: 0, opening: id };
    expect(await recordAt(position + 1)).to.include(interrupted);
    await world.provider.restart();
    expect(world.provider.exchange.log.size).to.equal(position + 2);
  });

  it("stays open while the node does not know the ledger as it stands", async () => {
    const { position } = await opened();
    world.provider.view.shown = { ...world.provider.view.position(), ready: false };
    await world.provider.restart();
    expect(world.provider.exchange.log.size).to.equal(position + 1);
    world.provider.view.shown = undefined;
    while (world.provider.exchange.log.size === position + 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await recordAt(position + 1)).to.include({ reason: "INTERRUPTED" });
  });

  it("counts as one access, as opened until it is closed", async () => {
    const { position } = await opened();
    const counted = async () => {
      const { log, index } = world.provider.exchange;
      await log.publish();
      await index.catchUp();
      return (await index.count({ grant })).map(({ result, accesses }) => ({ result, accesses }));
    };
    expect(await counted()).to.deep.equal([{ result: "opened", accesses: 1 }]);
    await world.provider.restart();
    expect(world.provider.exchange.log.size).to.equal(position + 2);
    expect(await counted()).to.deep.equal([{ result: "failed", accesses: 1 }]);
  });

  it("leaves an audit nothing to find: nobody could tell the consumer how it ended", async () => {
    const auditor = await makeAuditor(world, "9100");
    await opened();
    await world.provider.restart();
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
    expect(await auditor.findings()).to.deep.equal([]);
  });
});
