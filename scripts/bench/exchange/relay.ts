import { once } from "node:events";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";

export interface RelayMaterial {
  readonly cert: string;
  readonly key: string;
  /** PEM of the authorities on both sides. */
  readonly ca: readonly string[];
}

/**
 * What an exchange of data costs at the least: a question over mutual TLS, passed on over mutual TLS, and an answer of
 * as many bytes. @returns where it listens
 */
export async function startRelay({ cert, key, ca }: RelayMaterial): Promise<{ url: string; close(): void }> {
  const strict = { requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" } as const;
  const tls = { cert, key, ca: [...ca], ...strict };
  const source = createServer(tls, (question, response) => {
    question.resume();
    question.once("end", () => response.end(Buffer.alloc(Number(question.headers["x-answer-bytes"]), "x")));
  });
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const agent = new Agent({ cert, key, ca: [...ca], keepAlive: true, maxSockets: 64 });
  const relay = createServer(tls, (question, response) => {
    const { port } = source.address() as AddressInfo;
    const headers = question.headers;
    const onward = request({ host: "127.0.0.1", port, method: "POST", agent, headers }, (answer) =>
      answer.pipe(response),
    );
    onward.once("error", () => response.destroy());
    question.pipe(onward);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return {
    url: `https://127.0.0.1:${(relay.address() as AddressInfo).port}/`,
    close() {
      for (const server of [relay, source]) {
        server.closeAllConnections();
        server.close();
      }
      agent.destroy();
    },
  };
}

/** Asks it once. */
export async function askRelay(url: string, agent: Agent, body: Buffer, answerBytes: number): Promise<void> {
  const headers = { "content-length": body.length, "x-answer-bytes": answerBytes };
  await new Promise<void>((resolve, reject) => {
    const question = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", resolve);
    });
    question.once("error", reject);
    question.end(body);
  });
}
