import { SigningRefusal } from "@wanlian/signing/index.js";
import { type AskKind, type Asks, HELLO, OPENED_PLACE, type Question, type Reply } from "../signing/messages.ts";

/** Answers what a node's page asks. @throws SigningRefusal */
export type Answering = { readonly [Kind in AskKind]: (ask: Asks[Kind]["ask"]) => Promise<Asks[Kind]["answer"]> };

/** The window of the node's page, which this page has opened: of no other window is anything heard. */
export class NodeWindow {
  #window: Window | null = null;
  #origin = "";
  #port: MessagePort | undefined;

  constructor(answering: Answering) {
    addEventListener("message", ({ source, origin, data, ports: [port] }: MessageEvent<unknown>) => {
      if (this.#window === null || source !== this.#window || origin !== this.#origin) return;
      if (data !== HELLO || port === undefined) return;
      this.#port?.close();
      this.#port = port;
      port.onmessage = ({ data: asked }: MessageEvent<Question>) => void answer(port, asked, answering);
    });
  }

  get origin(): string {
    return this.#origin;
  }

  /** @returns whether the browser let it be opened. */
  open(address: URL): boolean {
    this.#port?.close();
    this.#origin = address.origin;
    this.#window = open(new URL(OPENED_PLACE, address), "wanlian-node");
    return this.#window !== null;
  }
}

async function answer(port: MessagePort, asked: Question, answering: Answering): Promise<void> {
  const { id } = asked;
  try {
    port.postMessage({ id, answer: await answerTo(asked, answering) } satisfies Reply);
  } catch (error) {
    const { code, message } =
      error instanceof SigningRefusal ? error : new SigningRefusal("UNREADABLE", "it is nothing that could be meant");
    port.postMessage({ id, refused: { code, message } } satisfies Reply);
  }
}

async function answerTo(asked: Question, answering: Answering): Promise<Asks[AskKind]["answer"]> {
  switch (asked.kind) {
    case "key":
      return answering.key(asked);
    case "logIn":
      return answering.logIn(asked);
    case "decide":
      return answering.decide(asked);
    case "sign":
      return answering.sign(asked);
  }
}
