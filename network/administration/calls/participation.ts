import { randomBytes } from "node:crypto";
import { request } from "node:https";
import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../../error.js";
import type { Address } from "../../topology/topology.js";
import { hostAndPort } from "../../topology/topology.js";
import { type Administrator, type Endpoint, endpointName } from "./connection.js";
import { refusalOf, unreachable } from "./failure.js";

/** Larger answers come from something that is no orderer. */
const MAX_ANSWER_SIZE = 64 << 20;
const TIMEOUT_MS = 30_000;
const TOO_LARGE: Words = { zh: "应答过大", en: "gives too large an answer" };
const TOO_LATE: Words = {
  zh: `在 ${TIMEOUT_MS / 1000} 秒内没有应答`,
  en: `gives no answer within ${TIMEOUT_MS / 1000} s`,
};
const BASE = "/participation/v1/channels";

/** The status of an orderer that has yet to fetch what the others have. */
export const ONBOARDING = "onboarding";

/** How an orderer that agrees on blocks stands to the channel. */
export const CONSENTER = "consenter";

/** What an orderer says about a channel it has. */
export interface ChannelStatus {
  readonly name: string;
  /** consenter, follower, config-tracker or other */
  readonly consensusRelation: string;
  /** active, onboarding, inactive or failed */
  readonly status: string;
  readonly height: number;
}

/** Fabric's channel participation API of one orderer, over mutual TLS. */
export class ParticipationClient {
  /** `address` is its administration port. */
  constructor(
    readonly endpoint: Endpoint,
    readonly address: Address,
    private readonly administrator: Pick<Administrator, "tls">,
  ) {}

  /** The orderer's view of a channel; undefined if it has none of that name. */
  async channel(channel: string): Promise<ChannelStatus | undefined> {
    const answer = await this.#call("GET", `${BASE}/${encodeURIComponent(channel)}`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.#refusal(answer);
    return channelStatus(answer.body);
  }

  /** Lets the orderer join the channel that this configuration block belongs to, from its beginning if it is block 0. */
  async join(configBlock: Uint8Array): Promise<ChannelStatus> {
    const boundary = `wanlian-${randomBytes(12).toString("hex")}`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="config-block"; filename="config.block"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), configBlock, Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const answer = await this.#call("POST", BASE, body, `multipart/form-data; boundary=${boundary}`);
    if (answer.status !== 201) throw this.#refusal(answer);
    return channelStatus(answer.body);
  }

  /** Lets the orderer forget a channel. */
  async remove(channel: string): Promise<void> {
    const answer = await this.#call("DELETE", `${BASE}/${encodeURIComponent(channel)}`);
    if (answer.status !== 204) throw this.#refusal(answer);
  }

  #refusal({ status, body }: Answer): NetworkError {
    return refusalOf(this.endpoint, `status ${status}, ${body.toString("utf8").trim().slice(0, 500)}`, status);
  }

  #failure(what: Words): NetworkError {
    const who = endpointName(this.endpoint);
    const text = { zh: `${who.zh}（${this.address}）${what.zh}。`, en: `${who.en} at ${this.address} ${what.en}.` };
    return new NetworkError("UNREACHABLE", text, { details: { address: this.address } });
  }

  #call(method: string, path: string, body?: Buffer, contentType?: string): Promise<Answer> {
    const { host, port } = hostAndPort(this.address);
    return new Promise<Answer>((resolve, reject) => {
      const call = request(
        {
          host,
          port,
          path,
          method,
          ca: this.endpoint.tlsRoots.join("\n"),
          cert: this.administrator.tls.certificate,
          key: this.administrator.tls.key,
          agent: false,
          timeout: TIMEOUT_MS,
          headers: {
            Accept: "application/json",
            ...(body ? { "Content-Type": contentType, "Content-Length": body.length } : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER_SIZE) call.destroy(this.#failure(TOO_LARGE));
            chunks.push(chunk);
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
          response.on("error", reject);
        },
      );
      call.on("timeout", () => call.destroy(this.#failure(TOO_LATE)));
      call.on("error", reject);
      call.end(body);
    }).catch((cause: unknown) => {
      throw cause instanceof NetworkError ? cause : unreachable(this.endpoint, this.address, cause);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

function channelStatus(body: Buffer): ChannelStatus {
  const parsed: unknown = JSON.parse(body.toString("utf8"));
  if (typeof parsed !== "object" || parsed === null)
    throw new NetworkError("REFUSED", { zh: "排序节点的应答不是对象。", en: "The orderer's answer is no object." });
  const { name, consensusRelation, status, height } = { ...parsed } as Record<string, unknown>;
  return {
    name: String(name),
    consensusRelation: String(consensusRelation),
    status: String(status),
    height: Number(height),
  };
}
