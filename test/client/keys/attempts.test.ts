import { KeyError } from "@wanlian/client/core";
import {
  Attempts,
  FIRST_WAIT_MS,
  FORGOTTEN_AFTER_MS,
  MAX_FAILURES,
  MAX_FAILURES_FROM_ADDRESS,
  MAX_FAILURES_ON_OFFICER,
} from "@wanlian/client/keys/officers/attempts.js";
import { expect } from "chai";

const at = (officer: string | number, address: string | number) => ({ officer: `${officer}`, address: `${address}` });

describe("attempts to log in", () => {
  let attempts: Attempts;
  let now: Date;
  beforeEach(() => {
    attempts = new Attempts();
    now = new Date("2026-03-09T00:00:00Z");
  });

  /** Seconds that a log-in has to wait; 0 where it may be tried. */
  function wait(officer: string | number, address: string | number): number {
    try {
      attempts.check(at(officer, address), now);
      return 0;
    } catch (error) {
      expect(error).to.be.instanceOf(KeyError).and.include({ code: "LOCKED_OUT" });
      return Number((error as KeyError).details.retryAfterSeconds);
    }
  }
  const fail = (officer: string | number, address: string | number, times = 1) => {
    for (let time = 0; time < times; time += 1) attempts.failed(at(officer, address), now);
  };

  it("make whoever fails wait, for that officer and from that address alone", () => {
    fail("A", "x", MAX_FAILURES - 1);
    expect(wait("A", "x")).to.equal(0);
    fail("A", "x");
    expect([wait("A", "x"), wait("A", "y"), wait("B", "x")]).to.deep.equal([FIRST_WAIT_MS / 1000, 0, 0]);
  });

  it("at one officer from ever other addresses make strangers wait, not who has logged in as that officer before", () => {
    attempts.succeeded(at("A", "home"));
    for (let address = 1; address < MAX_FAILURES_ON_OFFICER; address += 1) fail("A", address);
    expect(wait("A", "new")).to.equal(0);
    fail("A", "last");
    expect([wait("A", "new"), wait("A", "home"), wait("B", "new")]).to.deep.equal([60, 0, 0]);
  });

  it("from one address at ever other officers make strangers there wait, not who has logged in from there before", () => {
    attempts.succeeded(at("A", "office"));
    for (let officer = 1; officer < MAX_FAILURES_FROM_ADDRESS; officer += 1) fail(officer, "office");
    expect(wait("B", "office")).to.equal(0);
    fail("last", "office");
    expect([wait("B", "office"), wait("A", "office"), wait("B", "elsewhere")]).to.deep.equal([60, 0, 0]);
  });

  it("are forgotten by a log-in, and after a day without a failure", () => {
    fail("A", "x", MAX_FAILURES - 1);
    attempts.succeeded(at("A", "x"));
    fail("A", "x", MAX_FAILURES - 1);
    expect(wait("A", "x")).to.equal(0);
    now = new Date(now.getTime() + FORGOTTEN_AFTER_MS + 1);
    fail("A", "x");
    expect(wait("A", "x")).to.equal(0);
    fail("A", "x", MAX_FAILURES - 1);
    expect(wait("A", "x")).to.equal(60);
  });

  it("of a day ago to the millisecond still count", () => {
    fail("A", "x", MAX_FAILURES - 1);
    now = new Date(now.getTime() + FORGOTTEN_AFTER_MS);
    fail("A", "x");
    expect(wait("A", "x")).to.equal(60);
  });
});
