import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAnswer, parseFoundRecords } from "@wanlian/client/access/answer.js";
import { MAX_ASKED, OpenRequests } from "@wanlian/client/exchange/consumer/open-requests.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import { type AccessRequest, randomDigest, type SignedRequest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { anchor, makeAuditor } from "../audit/audit-world.js";
import { BUREAU, type ExchangeWorld, makeExchangeWorld, PROVIDER, passTime } from "./exchange-world.js";
import { TurnProxy } from "./kill/turn-proxy.js";

describe("the record of an access whose answer was lost", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  beforeEach(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
  });
  afterEach(() => world.remove());

  const ask = () => world.ask(grant, { subject: { code: "0371" } });
  /** Signed and noted down as sent. */
  const asked = async (): Promise<SignedRequest> => {
    const { consumer } = world.consumer.exchange;
    const request = await consumer.sign(world.officer.signer, ask());
    consumer.parts.requests.keep(request);
    return request;
  };
  /** The provider answers, and the answer reaches nobody. */
  const answered = async () => {
    const request = await asked();
    const answer = await world.consumer.exchange.connections.json(PROVIDER, "/exchange/v1/access", request);
    return { request, record: parseAnswer(answer).record };
  };
  const lost = () => world.consumer.exchange.consumer.parts.requests.lost();

  it("is asked for by the consumer's next run, logged and countersigned, and no gap is left", async () => {
    const auditor = await makeAuditor(world, "9100");
    const { request, record } = await answered();
    await world.consumer.restart();
    const { exchange } = world.consumer;
    expect(lost().map(({ nonce }) => nonce)).to.deep.equal([request.request.nonce]);
    await exchange.missed.ask();
    await exchange.receipts.settled();
    expect(lost()).to.deep.equal([]);
    expect((await exchange.records.find(0))?.signed).to.deep.equal(record.signed);
    const own = exchange.vault.read(0);
    expect(own.key).to.equal(request.key);
    expect(own.receipt).not.to.equal(undefined);
    expect(world.provider.exchange.vault.read(record.position)).to.deep.equal(own);
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
    expect(await auditor.findings()).to.deep.equal([]);
  });

  it("comes by itself after a connection broke, and only once", async () => {
    const proxy = await TurnProxy.listen();
    proxy.lead(world.provider.exchange.address);
    world.addresses.set(PROVIDER, proxy.address);
    const { consumer, connections, log, missed } = world.consumer.exchange;
    await connections.get(PROVIDER, "/log/v1/checkpoint", 16_384);
    proxy.begin();
    void proxy.stopAt({ turn: 2, portion: 0.5 }).then(() => connections.close());
    const failure = await consumer.access(world.officer.signer, ask()).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "UNREACHABLE");
    proxy.begin();
    while (log.size === 0) await new Promise((resolve) => setImmediate(resolve));
    await missed.ask();
    expect(log.size).to.equal(1);
    expect(lost()).to.deep.equal([]);
    await proxy.close();
  });

  it("is not asked for where it came, although the node died before it had noted that", async () => {
    const { request, record } = await answered();
    await world.consumer.exchange.consumer.file(request, record);
    world.consumer.exchange.consumer.parts.requests.keep(request);
    await world.consumer.restart();
    await world.consumer.exchange.missed.ask();
    expect(lost()).to.deep.equal([]);
    expect(world.consumer.exchange.log.size).to.equal(1);
  });

  it("is asked for as long as the request could still be answered", async () => {
    await asked();
    await world.consumer.restart();
    await world.consumer.exchange.missed.ask();
    expect(lost(), "it may still be on its way").to.have.length(1);
    await passTime(world, "2026-03-02T02:00:00Z");
    await world.consumer.exchange.missed.ask();
    expect(lost()).to.deep.equal([]);
  });

  it("is given to nobody but the consumer", async () => {
    const { request } = await answered();
    const body = { requests: [request.request.nonce] };
    const found = async ({ exchange }: typeof world.bureau) =>
      parseFoundRecords(await exchange.connections.json(PROVIDER, "/exchange/v1/records", body)).records.length;
    expect(await found(world.bureau)).to.equal(0);
    expect(await found(world.consumer)).to.equal(1);
  });

  it("is not taken of another department's request, or from another provider than was asked", async () => {
    const { officer } = world;
    const { exchange } = world.consumer;
    const { nodeSigner } = await world.ledger.node(PROVIDER);
    const { request: asked, record: honest } = await answered();
    const outcome = async (change: Partial<AccessRequest>, provider = PROVIDER as MspId) => {
      const request = { ...asked.request, nonce: randomDigest(), ...change };
      const requestSignature = await signStatement("access-request", request, officer.signer);
      const record = { ...honest.signed.record, request, requestSignature, nonce: randomDigest() };
      const signed = { record, signature: await signStatement("access-record", record, nodeSigner) } as SignedRecord;
      const { received } = exchange.consumer.parts;
      const one = { key: asked.key, provider, nonce: request.nonce, time: request.ledger.time };
      return await received.takeLate(one, { ...honest, signed }).then(
        () => "taken",
        ({ code }: { code: string }) => code,
      );
    };
    expect(await outcome({})).to.equal("taken");
    expect(await outcome({ consumer: BUREAU as MspId })).to.equal("BAD_ANSWER");
    expect(await outcome({}, BUREAU as MspId)).to.equal("BAD_ANSWER");
  });

  it("is not taken if no officer of the consumer's signed the request that it names", async () => {
    const { request, record } = await answered();
    const { records, certificates, options, vault } = world.provider.exchange;
    const invented = {
      ...record.signed.record,
      request: { ...request.request, fields: ["code"] },
      nonce: randomDigest(),
    };
    const signature = await signStatement("access-record", invented, options.nodeSigner);
    await records.append({ record: invented, signature }, (place) => vault.keepKey(place, request.key));
    expect(await certificates.read(invented.certificate)).not.to.equal(undefined);
    await world.consumer.restart();
    await world.consumer.exchange.missed.ask();
    expect(world.consumer.exchange.log.size, "the genuine one alone").to.equal(1);
    expect((await world.consumer.exchange.records.find(0))?.signed).to.deep.equal(record.signed);
  });
});

describe("requests that were sent", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-requests-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const request = (nonce: Digest) =>
    ({
      request: { nonce, provider: PROVIDER, ledger: { time: "2026-03-02T01:00:00Z" } },
      key: nonce,
    }) as Parameters<OpenRequests["keep"]>[0];
  const nonces = (requests: OpenRequests) => requests.lost().map(({ nonce }) => nonce);

  it("has again what was open, uses its room again, and passes over what a power failure tore", async () => {
    const path = join(dir, "requests");
    const [first, second, third] = [randomDigest(), randomDigest(), randomDigest()];
    const requests = await OpenRequests.open(path);
    await requests.keep(request(first));
    await requests.keep(request(second));
    expect(nonces(requests), "their answers are waited for").to.deep.equal([]);
    expect(requests.lose(second)).to.equal(true);
    expect(nonces(requests)).to.deep.equal([second]);
    await requests.settle(first);
    expect(requests.lose(first)).to.equal(false);
    await requests.keep(request(third));
    await requests.close();
    const again = await OpenRequests.open(path);
    expect(nonces(again)).to.have.members([second, third]);
    await again.close();
    await writeFile(path, "torn", { flag: "r+" });
    const torn = await OpenRequests.open(path);
    expect(nonces(torn)).to.deep.equal([second]);
    await torn.close();
  });

  it("forgets the oldest where it would grow without end", async () => {
    const requests = await OpenRequests.open(join(dir, "requests"));
    const all = Array.from({ length: MAX_ASKED + 5 }, (_, i) => String(i).padStart(64, "0") as Digest);
    for (const nonce of all) {
      await requests.keep(request(nonce));
      requests.lose(nonce);
    }
    expect(nonces(requests)).to.deep.equal(all.slice(5));
    await requests.close();
  });
});
