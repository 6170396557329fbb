import { KeyError } from "@wanlian/client/core/key-error.js";
import { IDLE_MS, Sessions } from "@wanlian/client/keys/officers/sessions.js";
import type { OfficerStore, UnlockedOfficer } from "@wanlian/client/keys/officers/store.js";
import { expect } from "chai";

const PASSPHRASE = "long enough, and right";

describe("sessions, however many are asked for", () => {
  let now: Date;
  let sessions: Sessions;
  /** Officers whose keys are being opened; each goes on when it is let. */
  let opening: { readonly officer: string; readonly go: () => void }[];
  let isHeld: boolean;
  let refused: KeyError | undefined;

  beforeEach(() => {
    now = new Date();
    opening = [];
    isHeld = false;
    refused = undefined;
    const unlock = async (officer: string): Promise<UnlockedOfficer> => {
      if (isHeld) await new Promise<void>((go) => opening.push({ officer, go }));
      return { officer, notAfter: new Date(now.getTime() + 1e12) } as unknown as UnlockedOfficer;
    };
    const store = { unlock } as Partial<OfficerStore> as OfficerStore;
    sessions = new Sessions(
      store,
      () => now,
      () => refused,
    );
  });

  const logIn = async (officer: string, address = officer) => {
    const { token } = await sessions.logIn({ officer, address }, PASSPHRASE);
    return { token, closed: sessions.closed(token) };
  };
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => "in",
      (error: unknown) => (error instanceof KeyError ? error.code : String(error)),
    );
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("open two keys at a time, let fifty wait, and send who comes then away for a while", async () => {
    isHeld = true;
    const asked = Array.from({ length: 52 }, (_, at) => logIn(`CA-${at}`));
    await settled();
    expect(opening.map(({ officer }) => officer)).to.deep.equal(["CA-0", "CA-1"]);
    const late = await logIn("CA-52").catch((error: unknown) => error);
    expect(late)
      .to.be.instanceOf(KeyError)
      .and.deep.include({ code: "LOCKED_OUT", details: { retryAfterSeconds: 10 } });
    opening[0]?.go();
    await asked[0];
    await settled();
    expect(opening.map(({ officer }) => officer)).to.deep.equal(["CA-0", "CA-1", "CA-2"]);
    isHeld = false;
    const next = logIn("CA-53");
    for (const { go } of opening) go();
    expect(await codeOf(next)).to.equal("in");
    expect(new Set(await Promise.all(asked.map(codeOf)))).to.deep.equal(new Set(["in"]));
  });

  it("are ten of one officer: the oldest gives way, and nobody else's", async () => {
    const other = await logIn("CA-0002");
    const own = [];
    for (let at = 0; at < 10; at += 1) own.push(await logIn("CA-0001"));
    expect(own.map(({ token }) => sessions.lasts(token))).to.deep.equal(Array(10).fill(true));
    await logIn("CA-0001");
    expect(own.map(({ token }) => sessions.lasts(token))).to.deep.equal([false, ...Array(9).fill(true)]);
    expect([own[0]?.closed.aborted, own[1]?.closed.aborted]).to.deep.equal([true, false]);
    expect(sessions.lasts(other.token)).to.equal(true);
  });

  it("that are over are closed when the next begins, and no others", async () => {
    const old = await logIn("CA-0001");
    now = new Date(now.getTime() + 1);
    const young = await logIn("CA-0002");
    now = new Date(now.getTime() + IDLE_MS - 1);
    await logIn("CA-0003");
    expect([old.closed.aborted, young.closed.aborted]).to.deep.equal([true, false]);
  });

  it("that a refused certificate ended are told so, the last thousand of them", async () => {
    const tokens = [];
    for (let at = 0; at < 1001; at += 1) tokens.push((await logIn(`CA-${Math.floor(at / 10)}`)).token);
    refused = new KeyError("CERTIFICATE_REFUSED", "it was revoked");
    const [first = "", second = ""] = tokens;
    for (const token of tokens.slice(0, 1000)) expect(sessions.find(token)).to.equal(undefined);
    expect(sessions.whyEnded(first)).to.equal(refused);
    sessions.find(tokens[1000] ?? "");
    expect([sessions.whyEnded(first), sessions.whyEnded(second)]).to.deep.equal([undefined, refused]);
  });
});
