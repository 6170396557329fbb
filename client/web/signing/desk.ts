import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { RELEASED } from "@wanlian/model/models.js";
import {
  type Approved,
  checkAccessRequest,
  checkProposal,
  checkTransaction,
  type Decided,
  type Holder,
  SigningRefusal,
  type WantedAccess,
} from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { API_ROOT, callRoute, Refusal } from "../session/api.ts";
import { signWith } from "./key.ts";
import type { KeptKey } from "./key-store.ts";

/** What the officer has decided and been shown: the one thing that is signed at this desk. */
export type Decision =
  | { readonly kind: "filing"; readonly decided: Decided }
  | { readonly kind: "access"; readonly wanted: WantedAccess };

/**
 * Does something for which the node needs the officer's signature. The node asks at a desk of this decision alone; what
 * it asks to have signed is read here, compared with the decision, and signed only if it is that.
 * @throws SigningRefusal with what differed; Refusal of the node
 */
export async function atDesk<T>(
  key: KeptKey,
  decision: Decision,
  work: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const holder = holderOf(key);
  const desk = crypto.randomUUID();
  const source = new EventSource(`${API_ROOT}/signing/${desk}`);
  let refusal: SigningRefusal | undefined;
  let approved: Approved | undefined;
  const answer = async ({ id, message }: { id: string; message: string }) => {
    const bytes = Uint8Array.from(Buffer.from(message, "base64"));
    try {
      approved = await check(bytes, decision, holder, approved);
      const signature = await signWith(key.privateKey, bytes);
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

/** @returns what is approved from here on: the proposal whose transaction comes next */
async function check(
  bytes: Uint8Array,
  decision: Decision,
  holder: Holder,
  approved: Approved | undefined,
): Promise<Approved | undefined> {
  if (decision.kind === "access") {
    checkAccessRequest(bytes, decision.wanted);
    return undefined;
  }
  if (approved === undefined) return checkProposal(bytes, decision.decided, holder);
  checkTransaction(bytes, approved, holder, await headsOf(approved), RELEASED);
  // Where others came first, the node makes a new proposal of the same decision.
  return undefined;
}

/** Where the cases of the basis stand, by the node; what is false in it, no endorser has endorsed. */
async function headsOf({ basis }: Approved): Promise<Heads> {
  const cases = basis.map(({ noun, case: id }) => ({ noun, case: id }));
  const { items } = await callRoute<{ items: readonly (Pick<Head, "state"> & CaseRef)[] }>("POST", "/heads", { cases });
  const name = ({ noun, case: id }: CaseRef) => `${noun}/${id}`;
  const known = new Map<string, Pick<Head, "state">>(items.map((head) => [name(head), head]));
  const entries = new Map(basis.map((entry) => [name(entry), entry]));
  return (ref) => {
    const entry = entries.get(name(ref));
    const state = known.get(name(ref))?.state;
    // The act is judged on the heads that the signed proposal names, not on what came since.
    return entry === undefined
      ? NO_ACTS
      : { act: entry.act, transaction: entry.transaction, next: entry.next ?? entry.act + 1, state };
  };
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

function holderOf({ certificate, ledger }: KeptKey): Holder {
  if (certificate === undefined || ledger === undefined) throw new Error("the key is not certified yet");
  return { ...ledger, certificate };
}
