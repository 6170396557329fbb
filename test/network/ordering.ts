import { readFile, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { genesisBlock } from "@wanlian/network/channel/genesis.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import { blocksFrom, type SeekCall, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import type { OrdererSettings } from "@wanlian/network/embedded/orderer/settings.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials } from "@wanlian/network/grpc/credentials.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import {
  type Block,
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
  SignatureHeader,
  Status,
} from "@wanlian/protocol/messages/common.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import type { World } from "./world.js";

/** The department whose members write in these tests. */
export const WRITER = "CivilMSP";

const CHANNEL = "pilot";

/** What an orderer of a world needs: its settings, with any free ports. */
export function ordererSettings(world: World, dataDir = join(world.directory, "orderer")): OrdererSettings {
  const [place] = world.topology.orderers.nodes;
  if (place === undefined) throw new Error("the world has no orderer");
  const organisation = join(world.directory, "organizations", place.organisation);
  const folder = join(organisation, "orderers", place.name);
  const tls = { cert: join(folder, "tls", "cert.pem"), key: join(folder, "tls", "key.pem") };
  return {
    mspId: place.organisation,
    mspDir: join(folder, "msp"),
    tls,
    listen: "127.0.0.1:0",
    adminListen: "127.0.0.1:0",
    adminTls: { ...tls, clientRootCerts: [join(organisation, "tlsca", "cert.pem")] },
    dataDir,
  };
}

/** Block 0 of the world's channel, encoded; with another batch timeout or name if one is given. */
export async function genesis(
  { directory, topology }: World,
  timeout = topology.batch.timeout,
  channel = topology.channel,
): Promise<Uint8Array> {
  const batch = { ...topology.batch, timeout };
  return genesisBlock({ ...topology, batch, channel }, await readMaterial(directory, topology));
}

/** Somebody of a world, by folder: administrators/admin, clients/node, … */
export function member(world: World, mspId: string, folder: string): Promise<SigningIdentity> {
  return SigningIdentity.read(mspId, join(world.directory, "organizations", mspId, folder, "msp"));
}

/** A connection to the world's orderer. */
export async function connectOrderer(world: World, address: string): Promise<RpcClient> {
  const roots = await readFile(join(world.directory, "organizations", "OrdererMSP", "tlsca", "cert.pem"));
  return new RpcClient(address, clientCredentials(roots));
}

/** The parts of an envelope that tests put wrong. */
export interface EnvelopeParts {
  readonly type?: number;
  readonly channelId?: string;
  readonly data?: Uint8Array;
  readonly signature?: Uint8Array;
}

/** Signs an envelope; unless told otherwise one with a well-formed transaction that does nothing. */
export function signedEnvelope(signer: SigningIdentity, parts: EnvelopeParts = {}): Envelope {
  const { type = HeaderType.ENDORSER_TRANSACTION, channelId = CHANNEL, data = transaction() } = parts;
  const channelHeader = ChannelHeader.encode({ type, channelId, timestamp: { seconds: 1n } });
  const signatureHeader = SignatureHeader.encode({ creator: signer.creator, nonce: signer.nonce() });
  const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data });
  return Envelope.create({ payload, signature: parts.signature ?? signer.sign(payload) });
}

/** A transaction in the form that peers can read, whose result is `results`. */
export function transaction(results: Uint8Array = new Uint8Array()): Uint8Array {
  const extension = ChaincodeAction.encode({ results, response: { status: 200 } });
  const proposalResponsePayload = ProposalResponsePayload.encode({ extension });
  const payload = ChaincodeActionPayload.encode({ action: { proposalResponsePayload } });
  return Transaction.encode({ actions: [{ payload }] });
}

/** Sends envelopes over one stream, waiting for each answer. Gives the statuses, and the text of the last. */
export async function broadcast(
  client: RpcClient,
  ...envelopes: Encodable<Envelope>[]
): Promise<{ statuses: number[]; info: string }> {
  const stream = client.bidi(AtomicBroadcast.broadcast);
  const answers = stream[Symbol.asyncIterator]();
  const statuses: number[] = [];
  let info = "";
  for (const envelope of envelopes) {
    await stream.send(envelope);
    const { value, done } = await answers.next();
    if (done) break;
    statuses.push(value.status);
    info = value.info;
  }
  stream.cancel();
  return { statuses, info };
}

/** Asks for blocks, and gives those that came with the status at the end. */
export async function deliver(
  client: RpcClient,
  signer: SigningIdentity,
  seek: SeekCall["seek"],
  channelId = CHANNEL,
): Promise<{ blocks: Block[]; status: number }> {
  const stream = client.bidi(AtomicBroadcast.deliver);
  await stream.send(seekRequest({ channelId, seek }, signer));
  const blocks: Block[] = [];
  for await (const answer of stream) {
    if (answer.block === undefined) return { blocks, status: answer.status ?? Status.UNKNOWN };
    blocks.push(answer.block);
  }
  throw new Error("the stream ended without a status");
}

/** Asks for the blocks up to `last`, waiting for those to come. */
export async function blocksUpTo(client: RpcClient, signer: SigningIdentity, last: bigint): Promise<Block[]> {
  const { blocks } = await deliver(client, signer, {
    start: { oldest: {} },
    stop: { specified: { number: last } },
  });
  return blocks;
}

/** Follows the chain from block 0 until a block holds `envelope`, and gives that block. */
export async function blockWith(client: RpcClient, signer: SigningIdentity, envelope: Envelope): Promise<Block> {
  const stream = client.bidi(AtomicBroadcast.deliver);
  await stream.send(seekRequest({ channelId: CHANNEL, seek: blocksFrom(0n) }, signer));
  const wanted = Buffer.from(Envelope.encode(envelope));
  for await (const { block } of stream) {
    if (block?.data?.data.some((bytes) => wanted.equals(bytes))) return block;
  }
  throw new Error("the stream ended without the envelope");
}

/** A request to an orderer's administration port. */
export interface AdminRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: FormData | Buffer;
}

/** An answer, with the body as text. */
export interface AdminAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

/** The folder of the TLS certificate of the orderer organisation's administrator. */
const administrator = (world: World) =>
  join(world.directory, "organizations", "OrdererMSP", "administrators", "admin", "tls");

/** Calls the administration port with the certificate in `own`: a folder, or "nobody" for none. */
export async function administer(
  world: World,
  address: string,
  request: AdminRequest,
  own: string | "nobody" = administrator(world),
): Promise<AdminAnswer> {
  const ca = await readFile(join(world.directory, "organizations", "OrdererMSP", "tlsca", "cert.pem"));
  const tls = {
    ca,
    ...(own !== "nobody" && { cert: await readFile(join(own, "cert.pem")), key: await readFile(join(own, "key.pem")) }),
  };
  const form = request.body && new Response(request.body);
  const body = form && Buffer.from(await form.arrayBuffer());
  const contentType = form?.headers.get("content-type");
  const headers = { ...(contentType ? { "content-type": contentType } : {}), ...request.headers };
  return new Promise((resolve, reject) => {
    const options = { ...tls, method: request.method ?? "GET", headers };
    const call = httpsRequest(`https://${address}${request.path}`, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** A form with one file part. */
export function filePart(name: string, content: Uint8Array): FormData {
  const form = new FormData();
  form.append(name, new Blob([Buffer.from(content)]), name);
  return form;
}

/** Joins the world's channel on an orderer. */
export async function joinChannel(world: World, adminAddress: string, block: Uint8Array): Promise<AdminAnswer> {
  const body = filePart("config-block", block);
  return administer(world, adminAddress, { method: "POST", path: "/participation/v1/channels", body });
}

/** Writes an orderer's configuration file, as the process takes it. */
export async function writeSettings(world: World, settings: OrdererSettings): Promise<string> {
  const file = join(world.directory, "orderer.json");
  await writeFile(file, JSON.stringify(settings));
  return file;
}
