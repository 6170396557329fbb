import { lastConfigIndex } from "@wanlian/protocol/block.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { Logger } from "pino";
import { Refusal } from "../../deliver/refusal.js";
import type { Chain } from "../chain.js";
import { ChannelError } from "../channel-error.js";
import type { Channels } from "../channels.js";
import { readMessage } from "../message.js";
import { readFilePart } from "./form.js";
import { ParticipationError } from "./participation-error.js";

const ROOT = "/participation/v1/";
const CHANNELS = "/participation/v1/channels";
const ONE_CHANNEL = `${CHANNELS}/:id`;
const ONE_BLOCK = `${ONE_CHANNEL}/blocks/:block`;

/** What Fabric admits as a channel's name (common/configtx/validator.go). */
const CHANNEL_ID = /^[a-z][a-z0-9.-]{0,248}$/;
const BLOCK_ID = /^(newest|oldest|config|\d{1,20})$/;

/** The API by which administrators join, list and leave channels (Fabric's orderer/common/channelparticipation/restapi.go). */
export function participationApi(channels: Channels, log: Logger): Express {
  const api = express();
  api.disable("x-powered-by");
  api.disable("etag");
  api.use(requireJson);
  api.get(ROOT, (_request, response) => response.redirect(302, CHANNELS));
  api
    .route(CHANNELS)
    .get((_request, response) => {
      const listed = channels.ids.map((name) => ({ name, url: `${CHANNELS}/${name}` }));
      response.set("Cache-Control", "no-store").json({ systemChannel: null, channels: listed });
    })
    .post(async (request, response) => {
      const bytes = await readFilePart(request, "config-block");
      const chain = await channels.join(decoded("block", () => Block.decode(bytes)));
      created(response, chain);
    })
    .put(async (request, response) => {
      const bytes = await readFilePart(request, "config-update-envelope");
      created(response, await update(channels, bytes));
    })
    .all(notAllowed("GET, POST, PUT"));
  api
    .route(ONE_CHANNEL)
    .get((request, response) => {
      const chain = existing(channels, request.params.id);
      response.set("Cache-Control", "no-store").json(describe(chain));
    })
    .delete(async (request, response) => {
      await channels.remove(channelId(request.params.id));
      response.status(204).end();
    })
    .all(notAllowed("GET, DELETE"));
  api
    .route(ONE_BLOCK)
    .get(async (request, response) => {
      const bytes = await readBlock(channels, request.params.id, request.params.block);
      response.set("Cache-Control", "no-store").type("application/octet-stream").send(Buffer.from(bytes));
    })
    .all(notAllowed("GET"));
  api.use((_request, _response, next) => next(new ParticipationError(404, "page not found")));
  api.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, message, headers } = answerTo(error);
    if (status === 500) log.error({ err: error }, "a request of an administrator failed");
    response.status(status).set(headers).json({ error: message });
  });
  return api;
}

/** How Fabric describes a channel: this orderer alone orders all of its channels. */
function describe(chain: Chain): object {
  const name = chain.bundle.channelId;
  const status = chain.failure === undefined ? "active" : "failed";
  return { name, url: `${CHANNELS}/${name}`, consensusRelation: "consenter", status, height: Number(chain.height) };
}

function created(response: Response, chain: Chain): void {
  response.status(201).set("Location", `${CHANNELS}/${chain.bundle.channelId}`).json(describe(chain));
}

async function update(channels: Channels, bytes: Uint8Array): Promise<Chain> {
  const message = readMessage(decoded("envelope", () => Envelope.decode(bytes)));
  if (message.kind !== "configUpdate") {
    throw new ParticipationError(400, "invalid config update envelope: bad type");
  }
  const chain = channels.chain(message.channelId);
  if (chain === undefined) {
    throw new ParticipationError(405, "cannot update: channel does not exist", { headers: { Allow: "GET, POST" } });
  }
  await chain.order(message);
  return chain;
}

async function readBlock(channels: Channels, id: string, block: string): Promise<Uint8Array> {
  const chain = existing(channels, id);
  if (!BLOCK_ID.test(block)) {
    throw new ParticipationError(400, `invalid block ID: '${block}' not equal <newest|oldest|config|(number)>`);
  }
  const newest = chain.height - 1n;
  const number = { newest, oldest: 0n, config: lastConfigIndex(await chain.block(newest)) }[block] ?? BigInt(block);
  if (number > newest) {
    throw new ParticipationError(404, `block ${number} does not exist; the newest is ${newest}`);
  }
  return Block.encode(await chain.block(number));
}

function existing(channels: Channels, id: string): Chain {
  const chain = channels.chain(channelId(id));
  if (chain === undefined) {
    throw new ChannelError("NOT_FOUND", "channel does not exist");
  }
  return chain;
}

function channelId(id: string): string {
  if (!CHANNEL_ID.test(id)) {
    throw new ParticipationError(400, `invalid channel ID: '${id}' contains illegal characters or is too long`);
  }
  return id;
}

function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new ParticipationError(400, `cannot unmarshal the file part into a ${what}: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const accepted = request.headers.accept ?? "application/json";
  const fits = accepted.split(",").some((one) => /application\/json|application\/\*|\*\/\*/.test(one));
  next(fits ? undefined : new ParticipationError(406, "response Content-Type is application/json only"));
}

function notAllowed(allow: string): (request: Request) => never {
  return (request) => {
    throw new ParticipationError(405, `invalid request method: ${request.method}`, { headers: { Allow: allow } });
  };
}

function answerTo(error: unknown): Pick<ParticipationError, "status" | "message" | "headers"> {
  if (error instanceof ParticipationError) return error;
  if (error instanceof Refusal)
    return { status: error.status, message: `cannot update: ${error.message}`, headers: {} };
  if (error instanceof ChannelError) {
    switch (error.code) {
      case "EXISTS":
        return { status: 405, message: `cannot join: ${error.message}`, headers: { Allow: "GET, DELETE" } };
      case "NOT_FOUND":
        return { status: 404, message: error.message, headers: {} };
      case "INVALID_BLOCK":
        return { status: 400, message: `invalid join block: ${error.message}`, headers: {} };
    }
  }
  return { status: 500, message: "internal error", headers: {} };
}
