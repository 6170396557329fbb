import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A service that answers every request alike, until it is told to answer otherwise. */
export class JsonService {
  readonly asked: IncomingMessage[] = [];
  answer: (response: ServerResponse, request: IncomingMessage) => void = () => undefined;

  private constructor(readonly server: Server) {}

  static async start(rows: unknown): Promise<JsonService> {
    const server = createServer();
    const service = new JsonService(server);
    service.says(JSON.stringify(rows));
    server.on("request", (request, response) => {
      service.asked.push(request);
      service.answer(response, request);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/rows`;
  }

  /** Answers with this text, whatever it is. */
  says(text: string | Uint8Array, status = 200, headers: Record<string, string> = {}): void {
    this.answer = (response) => response.writeHead(status, headers).end(text);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
