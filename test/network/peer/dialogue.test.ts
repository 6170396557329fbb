import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelLedger, createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import type { Invocation, ProposalContext } from "@wanlian/network/embedded/peer/dialogue/invocation.js";
import { StateRequests } from "@wanlian/network/embedded/peer/dialogue/state-requests.js";
import { ChaincodeStream, type Completion } from "@wanlian/network/embedded/peer/dialogue/stream.js";
import { keyHistory } from "@wanlian/network/embedded/peer/endorser/history.js";
import { collectionCheck, MemberOnlyAccess } from "@wanlian/network/embedded/peer/lifecycle/collection-access.js";
import { readSequence } from "@wanlian/network/embedded/peer/lifecycle/definition.js";
import { publicState } from "@wanlian/network/embedded/peer/lifecycle/states.js";
import { Simulator } from "@wanlian/network/embedded/peer/simulation/simulator.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { ChaincodeMessage, ChaincodeMessageType, QueryResponse } from "@wanlian/protocol/messages/shim.js";
import { expect } from "chai";
import { pino } from "pino";
import { recordedChannels } from "../../vectors/channels.js";
import { asOrdered, recordedTransactions } from "./recorded.js";

const TRACE = new URL("../../../vectors/data/fabric-3.1.5-full/chaincode-protocol-trace.jsonl", import.meta.url);
/** The block that holds the first transaction of the recorded dialogue. */
const BLOCK = 37n;
const NAME = "trace";

interface Recorded {
  readonly dir: "cc->peer" | "peer->cc";
  readonly type: keyof typeof ChaincodeMessageType;
  readonly payloadProto: string | null;
  readonly txid: string;
  readonly channel: string;
  readonly raw: string;
  /** The fields of the payload; of REGISTER the package id is wanted. */
  readonly decoded?: { readonly name?: string };
}

describe("chaincode dialogue › as a real Fabric 3.1.5 peer led it", () => {
  let directory: string;
  let ledger: ChannelLedger;
  let recorded: readonly Recorded[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-dialogue-"));
    recorded = readFileSync(TRACE, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Recorded);
    const blocks = recordedChannels().find(({ name }) => name === "fabric-3.1.5-full")?.blocks ?? [];
    const [genesis, ...others] = blocks;
    if (genesis === undefined) throw new Error("nothing was recorded");
    ledger = await createLedger({ directory, mspId: "BureauMSP" }, genesis.block);
    for (const { block, number } of others) if (number < BLOCK) await ledger.commit(asOrdered(block));
  });

  after(async () => {
    await ledger.close();
    await rm(directory, { recursive: true });
  });

  it("answers every message alike, and endorses the same read-write set to the byte", async () => {
    const simulator = new Simulator("tx", ledger.snapshot(), collectionCheck(ledger.config));
    // What the endorser reads before it calls a chaincode is part of the transaction.
    await readSequence(NAME, publicState(simulator));
    const channel = { id: ledger.channelId, ledger };
    const channels = { get: () => channel, all: () => [channel], join: () => expect.fail("nobody joins here") };
    const requests = new StateRequests(new MemberOnlyAccess(channels));
    const wire = new Wire();
    const stream = new ChaincodeStream(
      wire,
      (type, payload, invocation) => requests.answer(type, payload, invocation),
      pino({ level: "silent" }),
    );
    const packageId = recorded[0]?.decoded?.name ?? "";
    const serving = stream.serve(packageId, () => undefined);
    let completed: Promise<Completion> | undefined;
    const end = recorded.findIndex(({ type }) => type === "COMPLETED");
    for (const message of recorded.slice(0, end + 1)) {
      if (message.dir === "cc->peer") {
        wire.receive(message);
        continue;
      }
      if (message.type === "TRANSACTION") completed = execute(stream, simulator, message);
      const sent = await wire.sent();
      expect(sent.type).to.equal(ChaincodeMessageType[message.type]);
      expect(comparable(sent.payload ?? new Uint8Array(0), message)).to.equal(comparable(decoded(message), message));
    }
    const { payload, type } = (await completed) ?? { payload: new Uint8Array(0), type: 0 };
    expect(type).to.equal(ChaincodeMessageType.COMPLETED);
    expect(toHex(payload)).to.equal(toHex(decoded(recorded[end])));
    stream.close();
    await serving;

    const [real] = recordedTransactions(blockOf(BLOCK)).filter(({ chaincode }) => chaincode === NAME);
    expect(toHex((await simulator.finish()).finish().publicBytes)).to.equal(toHex(real?.results ?? new Uint8Array(0)));
    await simulator.release();
  });

  function execute(
    stream: ChaincodeStream,
    simulator: Simulator,
    { txid, channel, raw }: Recorded,
  ): Promise<Completion> {
    const context = { txId: txid, channelId: channel, simulator, history: keyHistory(ledger) } as ProposalContext;
    const invocation: Invocation = { context, namespace: NAME, isInit: false, queries: new Map() };
    const proposal = { proposalBytes: new Uint8Array(0), signature: new Uint8Array(0) };
    return stream.execute(invocation, Buffer.from(raw, "base64"), proposal, 5_000);
  }
});

const decoded = (message: Recorded | undefined): Uint8Array => Buffer.from(message?.raw ?? "", "base64");

/** Payloads as hex; the ids that a peer gives to queries differ from run to run. */
function comparable(payload: Uint8Array, { payloadProto }: Recorded): string {
  if (payloadProto !== "QueryResponse") return toHex(payload);
  return toHex(QueryResponse.encode({ ...QueryResponse.decode(payload), id: "" }));
}

function blockOf(number: bigint) {
  const blocks = recordedChannels().find(({ name }) => name === "fabric-3.1.5-full")?.blocks ?? [];
  const found = blocks.find((one) => one.number === number);
  if (found === undefined) throw new Error(`block ${number} was not recorded`);
  return found.block;
}

/** A chaincode's end of the stream, played from the recording. */
class Wire {
  readonly #incoming: ChaincodeMessage[] = [];
  readonly #outgoing: Partial<ChaincodeMessage>[] = [];
  #wake: () => void = () => undefined;
  #arrived: () => void = () => undefined;
  #ended = false;

  receive({ type, txid, channel, raw }: Recorded): void {
    const payload = Buffer.from(raw, "base64");
    const message = { type: ChaincodeMessageType[type], payload, txid, channelId: channel };
    this.#incoming.push(ChaincodeMessage.create(message));
    this.#wake();
  }

  async sent(): Promise<Partial<ChaincodeMessage>> {
    while (this.#outgoing.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#outgoing.shift() ?? {};
  }

  async send(message: object): Promise<void> {
    this.#outgoing.push(message);
    this.#arrived();
  }

  end(): void {
    this.cancel();
  }

  cancel(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<ChaincodeMessage> {
    while (!this.#ended) {
      const next = this.#incoming.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
