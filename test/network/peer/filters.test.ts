import { filterExpiry } from "@wanlian/network/embedded/peer/endorser/filters.js";
import { expect } from "chai";

describe("endorser › filters", () => {
  const expiresAt = new Date("2026-10-01T00:00:00Z");

  it("a certificate counts to the last instant of its validity, and no longer", () => {
    expect(() => filterExpiry({ expiresAt }, expiresAt)).not.to.throw();
    const after = new Date(expiresAt.getTime() + 1);
    expect(() => filterExpiry({ expiresAt }, after)).to.throw("proposal client identity expired");
  });
});
