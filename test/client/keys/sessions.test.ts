import { inspect } from "node:util";
import { KeyError } from "@wanlian/client/core/key-error.js";
import { FIRST_WAIT_MS, MAX_FAILURES } from "@wanlian/client/keys/officers/attempts.js";
import { IDLE_MS, SESSION_MS, Sessions } from "@wanlian/client/keys/officers/sessions.js";
import { expect } from "chai";
import { officerWorld, PASSPHRASE, type World } from "./officer.js";

const at = (officer: string, address = "192.0.2.1") => ({ officer, address });

describe("a session", () => {
  let world: World;
  let now: Date;
  let sessions: Sessions;

  before(async () => {
    world = await officerWorld();
    await world.enrol("CA-0001", ["steward"]);
  });
  after(() => world.remove());
  beforeEach(() => {
    now = new Date();
    sessions = new Sessions(world.store, () => now);
  });

  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  const fail = async (officer: string, passphrase = "not the passphrase"): Promise<KeyError> => {
    try {
      await sessions.logIn(at(officer), passphrase);
    } catch (error) {
      if (error instanceof KeyError) return error;
      throw error;
    }
    throw new Error("it logged in");
  };

  it("is found by its token alone, until it is closed", async () => {
    const { token, session } = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    expect(sessions.find(token)?.officer.officer).to.equal("CA-0001");
    expect(session.officer.roles).to.deep.equal(["steward"]);
    for (const other of ["", token.slice(1), `${token.slice(0, -1)}A`, "x".repeat(10_000)]) {
      if (other !== token) expect(sessions.find(other)).to.equal(undefined);
    }
    sessions.logOut(token);
    expect(sessions.find(token)).to.equal(undefined);
  });

  it("ends when idle, and after a working day although in use", async () => {
    const { token } = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    for (let passed = 0; passed < SESSION_MS - IDLE_MS; passed += IDLE_MS - 1) {
      later(IDLE_MS - 1);
      expect(sessions.find(token), `after ${passed} ms`).not.to.equal(undefined);
    }
    later(IDLE_MS - 1);
    expect(sessions.find(token)).to.equal(undefined);
    const second = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    later(IDLE_MS);
    expect(sessions.find(second.token)).to.equal(undefined);
  });

  it("is not kept alive by asking whether it lasts", async () => {
    const { token } = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    later(IDLE_MS - 1);
    expect(sessions.lasts(token)).to.equal(true);
    later(1);
    expect([sessions.lasts(token), sessions.lasts(`${token}x`)]).to.deep.equal([false, false]);
  });

  it("is refused for a while after failures in a row, even with the right passphrase, and longer each time", async () => {
    for (let attempt = 1; attempt <= MAX_FAILURES; attempt++)
      expect((await fail("CA-0001")).code).to.equal("WRONG_PASSPHRASE");
    const locked = await fail("CA-0001", PASSPHRASE);
    expect(locked.code).to.equal("LOCKED_OUT");
    expect(locked.details.retryAfterSeconds).to.equal(FIRST_WAIT_MS / 1000);
    later(FIRST_WAIT_MS);
    expect((await fail("CA-0001")).code).to.equal("WRONG_PASSPHRASE");
    later(FIRST_WAIT_MS);
    expect((await fail("CA-0001", PASSPHRASE)).code).to.equal("LOCKED_OUT");
    later(FIRST_WAIT_MS);
    await sessions.logIn(at("CA-0001"), PASSPHRASE);
    expect((await fail("CA-0001")).code).to.equal("WRONG_PASSPHRASE");
    await sessions.logIn(at("CA-0001"), PASSPHRASE);
  });

  it("does not tell whether a number is enrolled", async () => {
    const unknown = await fail("CA-4711");
    const known = await fail("CA-0001");
    expect([unknown.code, unknown.message]).to.deep.equal([known.code, known.message]);
    for (let attempt = 2; attempt <= MAX_FAILURES; attempt++) await fail("CA-4711");
    expect((await fail("CA-4711")).code).to.equal("LOCKED_OUT");
  });

  it("is not kept from its officer by whoever guesses elsewhere", async () => {
    for (let attempt = 0; attempt <= MAX_FAILURES; attempt++) await fail("CA-0001");
    await sessions.logIn(at("CA-0001", "192.0.2.2"), PASSPHRASE);
  });

  it("waits for its turn behind at most five from one address, and is not kept out by them", async () => {
    const flood = Array.from({ length: 12 }, (_, index) =>
      sessions.logIn(at(`CA-9${index}`), "a guess that is long enough").catch((error: KeyError) => error.code),
    );
    const honest = sessions.logIn(at("CA-0001", "192.0.2.2"), PASSPHRASE);
    const codes = await Promise.all(flood);
    // Two are being opened, five wait.
    expect(codes.filter((code) => code === "WRONG_PASSPHRASE")).to.have.length(7);
    expect(codes.filter((code) => code === "LOCKED_OUT")).to.have.length(5);
    await honest;
  });

  it("ends at once, and says why, when the channel no longer takes the officer's certificate", async () => {
    const revoked = new Set<string>();
    const refusal = ({ officer }: { officer: string }) =>
      revoked.has(officer) ? new KeyError("CERTIFICATE_REFUSED", `${officer} was revoked`) : undefined;
    sessions = new Sessions(world.store, () => now, refusal);
    const { token } = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    expect([sessions.lasts(token), sessions.whyEnded(token)]).to.deep.equal([true, undefined]);
    revoked.add("CA-0001");
    expect(sessions.lasts(token)).to.equal(false);
    expect(sessions.find(token)).to.equal(undefined);
    expect(sessions.whyEnded(token)).to.include({ code: "CERTIFICATE_REFUSED", message: "CA-0001 was revoked" });
    expect(sessions.whyEnded(`${token}x`)).to.equal(undefined);
    expect((await fail("CA-0001", PASSPHRASE)).code).to.equal("CERTIFICATE_REFUSED");
    expect((await fail("CA-0001")).code, "a guess learns nothing").to.equal("WRONG_PASSPHRASE");
    revoked.clear();
    expect(sessions.find(token), "ended once for all").to.equal(undefined);
  });

  it("keeps neither token nor passphrase where memory could be printed", async () => {
    const { token } = await sessions.logIn(at("CA-0001"), PASSPHRASE);
    const printed = inspect(sessions, { depth: 10, showHidden: true });
    expect(printed).not.to.include(token);
    expect(printed).not.to.include(PASSPHRASE);
  });
});
