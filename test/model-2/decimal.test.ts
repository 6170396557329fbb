import { compareDecimals, type Decimal, parseDecimal } from "@wanlian/model/release/decimal.js";
import { expect } from "chai";
import fc from "fast-check";

describe("decimal numbers as they are written", () => {
  const numbers = [
    "-12.5",
    "-12",
    "-0.01",
    "0",
    "0.009",
    "0.01",
    "1",
    "9",
    "10",
    "10.05",
    "10.5",
    "123456789012345678901",
  ];

  it("are ordered by what they are, and no float is made of them", () => {
    const parsed = [...numbers].reverse().map((text) => parseDecimal(text) as Decimal);
    expect(parsed.sort(compareDecimals)).to.deep.equal(numbers.map(parseDecimal));
  });

  it("are equal however many noughts they are written with", () => {
    for (const [one, other] of [
      ["1", "01.00"],
      ["0", "-0.0"],
      ["12.5", "0012.50"],
    ] as const)
      expect(compareDecimals(parseDecimal(one) as Decimal, parseDecimal(other) as Decimal)).to.equal(0);
  });

  it("are no other texts", () => {
    for (const text of ["", "1e3", "+1", "1,000", " 1", "１", ".5", "5.", "NaN", "0x1", "1".repeat(65)])
      expect(parseDecimal(text), text).to.equal(undefined);
  });

  it("are ordered as whole numbers are", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        (a, b) => {
          const order = compareDecimals(parseDecimal(String(a)) as Decimal, parseDecimal(String(b)) as Decimal);
          return Math.sign(order) === (a < b ? -1 : Number(a > b));
        },
      ),
    );
  });
});
