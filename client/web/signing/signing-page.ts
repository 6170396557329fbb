import { SigningRefusal } from "@wanlian/signing/index.js";
import { answered, api } from "../session/api.ts";
import type { Hand, KeyHolder } from "./holder.ts";
import {
  type AskKind,
  type Asks,
  HELLO,
  type NodeLedger,
  OPENED_PLACE,
  type Question,
  type Reply,
} from "./messages.ts";

/** The line to the signing page that opened this one. Nothing is believed of who is at its other end but by its key. */
class Line {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;
  #node: Promise<NodeLedger> | undefined;
  /** Whether the node has taken a signature from there: only then is it told what its officer decides. */
  isKnown = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
  }

  async ask<Kind extends AskKind>(kind: Kind, question: Asks[Kind]["ask"]): Promise<Asks[Kind]["answer"]> {
    const id = ++this.#asked;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#port.postMessage({ id, kind, ...question } as unknown as Question);
    const told = await reply;
    if ("refused" in told) throw new SigningRefusal(told.refused.code, told.refused.message);
    return told.answer;
  }

  node(): Promise<NodeLedger> {
    this.#node ??= answered(api.POST("/sessions/nonces"));
    return this.#node;
  }
}

let line: Line | undefined;

/** Where a signing page opened this one, a port is handed to it; whoever else did gets a port that tells nothing. */
export function callWhoOpened(): void {
  if (location.pathname !== OPENED_PLACE) return;
  history.replaceState(null, "", "/");
  const opener: unknown = window.opener;
  if (opener === null) return;
  const { port1, port2 } = new MessageChannel();
  line = new Line(port1);
  // Its origin is not known, a file has none; the greeting says nothing.
  (opener as Window).postMessage(HELLO, "*", [port2]);
  // So that a key there can be certified for this node's ledger.
  void signingPage().catch(() => undefined);
}

/** Whether this page was opened by another that may hold the officer's key. */
export const isOpenedElsewhere = (): boolean => line !== undefined;

/** The key in the signing page, once it is certified. */
export async function signingPage(): Promise<KeyHolder | undefined> {
  if (line === undefined) return undefined;
  const to = line;
  const key = await to.ask("key", { node: await to.node() });
  if (key === null) return undefined;
  const logIn = async (nonce: string) => (await to.ask("logIn", { nonce })).signature;
  return {
    ...key,
    logIn,
    accepted() {
      to.isKnown = true;
    },
    async decide(decision) {
      if (!to.isKnown) throw new SigningRefusal("STRANGER", "whoever opened this page has not logged anybody in");
      return handOf(to, (await to.ask("decide", { decision })).decision);
    },
  };
}

function handOf(to: Line, decision: number): Hand {
  let basis: Hand["basis"] = [];
  return {
    get basis() {
      return basis;
    },
    async sign(bytes, heads) {
      const given = await to.ask("sign", { decision, bytes, heads });
      basis = given.basis;
      return given.signature;
    },
  };
}
