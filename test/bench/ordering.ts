/**
 * How fast the embedded orderer is: `node test/dist/bench/ordering.js [seconds]`. Clients and the orderer share the
 * machine. For each number of envelopes in flight it tells envelopes a second and the time from sending one to having
 * it back in a block.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { blocksFrom, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import type { RpcClient } from "@wanlian/network/grpc/client.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import * as ordering from "../network/ordering.js";
import { makeWorld } from "../network/world.js";

const MAIN = fileURLToPath(import.meta.resolve("@wanlian/network/embedded/orderer/main.js"));
const SECONDS = Number(process.argv[2] ?? 5);
const IN_FLIGHT = [1, 16, 64, 256];

/** An act with three endorsements is about this large. */
const RESULTS = new Uint8Array(4_000);

/** Whoever waits for an envelope, by its signature. */
type Waiting = Map<string, () => void>;

const keyOf = (signature: Uint8Array): string => Buffer.from(signature).toString("base64");

async function follow(client: RpcClient, reader: SigningIdentity, waiting: Waiting): Promise<void> {
  const stream = client.bidi(AtomicBroadcast.deliver);
  await stream.send(seekRequest({ channelId: "pilot", seek: blocksFrom(0n) }, reader));
  for await (const { block } of stream) {
    for (const bytes of block?.data?.data ?? []) waiting.get(keyOf(Envelope.decode(bytes).signature))?.();
  }
}

/** Keeps one envelope after another on its way until `end`; gives the milliseconds that each took. */
async function send(client: RpcClient, writer: SigningIdentity, waiting: Waiting, end: number): Promise<number[]> {
  const stream = client.bidi(AtomicBroadcast.broadcast);
  const answers = stream[Symbol.asyncIterator]();
  const took: number[] = [];
  while (performance.now() < end) {
    const envelope = ordering.signedEnvelope(writer, { data: ordering.transaction(RESULTS) });
    const key = keyOf(envelope.signature);
    const begun = performance.now();
    const back = new Promise<void>((resolve) => waiting.set(key, resolve));
    await stream.send(envelope);
    const { value } = await answers.next();
    if (value.status !== 200) throw new Error(`refused: ${value.status} ${value.info}`);
    await back;
    waiting.delete(key);
    took.push(performance.now() - begun);
  }
  stream.end();
  return took;
}

function report(inFlight: number, took: number[], milliseconds: number): void {
  const sorted = took.sort((a, b) => a - b);
  const percentile = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  const rate = Math.round((took.length / milliseconds) * 1000);
  process.stdout.write(`${inFlight} in flight: ${rate}/s, p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms\n`);
}

const world = await makeWorld({ departments: 3, consensus: "embedded" });
const child = spawn(process.execPath, [MAIN, await ordering.writeSettings(world, ordering.ordererSettings(world))], {
  stdio: ["ignore", "pipe", "ignore"],
});
try {
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { listen, adminListen } = JSON.parse(line);
  await ordering.joinChannel(world, adminListen, await ordering.genesis(world));
  process.stdout.write(`batch timeout ${world.topology.batch.timeout}, envelopes of ${RESULTS.length} bytes\n`);
  const client = await ordering.connectOrderer(world, listen);
  const writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
  const waiting: Waiting = new Map();
  const following = follow(client, writer, waiting).catch(() => undefined);
  for (const inFlight of IN_FLIGHT) {
    const begun = performance.now();
    const end = begun + SECONDS * 1000;
    const senders = Array.from({ length: inFlight }, () => send(client, writer, waiting, end));
    report(inFlight, (await Promise.all(senders)).flat(), performance.now() - begun);
  }
  client.close();
  await following;
} finally {
  child.kill("SIGTERM");
  await once(child, "exit");
  await world.remove();
}
