import { SigningRefusal } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { API_ROOT, callRoute, Refusal } from "../session/api.ts";
import type { StatedHead } from "./decision.ts";
import type { Hand } from "./holder.ts";

/**
 * Does something for which the node needs the officer's signature. The node asks at a desk of this decision alone; what
 * it asks to have signed, the hand reads, compares with the decision, and signs only if it is that.
 * @throws SigningRefusal with what differed; Refusal of the node
 */
export async function atDesk<T>(
  hand: Hand,
  work: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const desk = crypto.randomUUID();
  const source = new EventSource(`${API_ROOT}/signing/${desk}`);
  let refusal: SigningRefusal | undefined;
  const answer = async ({ id, message }: { id: string; message: string }) => {
    const bytes = Uint8Array.from(Buffer.from(message, "base64"));
    try {
      const signature = await hand.sign(bytes, await headsOf(hand));
      await give(desk, id, { signature: Buffer.from(signature).toString("base64") });
    } catch (error) {
      if (!(error instanceof SigningRefusal)) throw error;
      refusal = error;
      await give(desk, id, { refused: `${error.code}: ${error.message}` });
    }
  };
  try {
    source.addEventListener("sign", ({ data }: MessageEvent<string>) => void answer(JSON.parse(data)));
    await isOpen(source);
    return await work({ "Wanlian-Desk": desk });
  } catch (error) {
    throw refusal ?? error;
  } finally {
    source.close();
  }
}

async function headsOf({ basis: cases }: Hand): Promise<readonly StatedHead[]> {
  if (cases.length === 0) return [];
  return (await callRoute<{ items: readonly StatedHead[] }>("POST", "/heads", { cases })).items;
}

function give(desk: string, id: string, body: unknown): Promise<void> {
  return callRoute<void>("POST", `/signing/${desk}/${id}`, body);
}

function isOpen(source: EventSource): Promise<void> {
  return new Promise((resolve, reject) => {
    source.addEventListener("error", () =>
      reject(new Refusal("NODE_UNREACHABLE", "", "the signing desk cannot be opened")),
    );
    source.addEventListener("ready", () => resolve());
  });
}
