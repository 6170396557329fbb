import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { Sessions, SigningRequest } from "../../../keys/officers/index.js";
import { Heads } from "../../answers/ledger.js";
import { type Operation, operation } from "../../operation.js";
import { SignEvent } from "../../schemas.js";
import { callerOf } from "../session.js";

/** Names the desk at which the officer's page signs what this request takes. */
export const DESK_HEADER = "Wanlian-Desk";

const Desk = Type.String({
  pattern: "^[A-Za-z0-9-]{16,64}$",
  description: "Chosen by the page, anew for each decision",
});
const closed = { additionalProperties: false } as const;

/** Nobody else's session reaches a desk, whatever name it is called by. */
export const deskOf = (token: string, desk: string): string => `${token} ${desk}`;

/** How a page signs with a key that the node does not have. */
export function signingOperations(sessions: Sessions): readonly Operation[] {
  return [
    operation({
      id: "openDesk",
      tag: "signing",
      method: "get",
      route: "/signing/{desk}",
      media: "text/event-stream",
      summary: {
        zh: "打开签名台：节点请求本人浏览器签署的内容",
        en: "Open a signing desk: what the node asks the officer's own page to sign",
      },
      path: Type.Object({ desk: Desk }, closed),
      answers: { 200: SignEvent },
      handle: async ({ caller, path, signal }) => {
        const stream = requests(sessions, deskOf(callerOf(caller).token, path.desk), signal);
        return { status: 200, stream };
      },
    }),
    operation({
      id: "answerAtDesk",
      tag: "signing",
      method: "post",
      route: "/signing/{desk}/{request}",
      effect: "mark",
      summary: { zh: "在签名台交出签名，或拒绝签名", en: "Hand in a signature at the desk, or refuse it" },
      path: Type.Object({ desk: Desk, request: Type.String({ maxLength: 64 }) }, closed),
      body: Type.Object(
        {
          signature: Type.Optional(Type.String({ maxLength: 200, description: "DER, base64" })),
          refused: Type.Optional(Type.String({ maxLength: 500, description: "Why not" })),
        },
        closed,
      ),
      answers: { 204: Type.Object({}) },
      handle: async ({ caller, path, body }) => {
        const desk = deskOf(callerOf(caller).token, path.desk);
        const isTaken =
          body.signature === undefined
            ? sessions.desks.refused(desk, path.request, body.refused ?? "no reason given")
            : sessions.desks.signed(desk, path.request, Buffer.from(body.signature, "base64"));
        if (!isTaken) throw new ApiError("NO_SUCH_ENTRY", "Nothing waits for this signature.");
        return { status: 204 };
      },
    }),
    operation({
      id: "showHeads",
      tag: "signing",
      method: "post",
      route: "/heads",
      summary: {
        zh: "所列事项的当前状态：签名前在浏览器中按规则核对用",
        en: "Where cases stand: what a page needs to apply the rules before it signs",
      },
      body: Type.Object(
        {
          cases: Type.Array(
            Type.Object({ noun: Type.String({ maxLength: 32 }), case: Type.String({ maxLength: 160 }) }, closed),
            { minItems: 1, maxItems: 48 },
          ),
        },
        closed,
      ),
      answers: { 200: Heads },
      handle: async ({ services, body }) => {
        const items = await Promise.all(body.cases.map((name) => services.head(name)));
        return { status: 200, body: { items, chaincode: services.chaincode } };
      },
    }),
  ];
}

async function* requests(sessions: Sessions, desk: string, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: SigningRequest[] = [];
  let wake: () => void = () => undefined;
  const close = sessions.desks.open(desk, (request) => {
    waiting.push(request);
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    yield ": open\n\nevent: ready\ndata: {}\n\n";
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const message = Buffer.from(next.message).toString("base64");
      yield `event: sign\ndata: ${JSON.stringify({ id: next.id, message })}\n\n`;
    }
  } finally {
    close();
  }
}
