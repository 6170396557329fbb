import { masked } from "@wanlian/client/exchange/provider/shown/mask.js";
import { isShown } from "@wanlian/client/exchange/provider/shown/shown-rows.js";
import { expect } from "chai";
import fc from "fast-check";

const CASES: readonly (readonly [what: string, value: string, partial: string, coarse: string])[] = [
  ["a name", "张三", "张*", "**"],
  ["a longer name", "欧阳震华", "欧***", "****"],
  ["a citizen's number", "411302199001011234", "411302************", "4113**************"],
  ["one that ends with X", "11010519491231002X", "110105************", "1101**************"],
  ["a unified credit code", "91411300MA3X5T7Q2K", "91411300**********", "9141**************"],
  ["a mobile number", "13812345678", "138******78", "138********"],
  ["a date", "1990-01-01", "1990-**-**", "1990s"],
  ["a date with a time", "2026-09-28T10:00:00Z", "2026-**-**", "2020s"],
  ["a number", "45", "**", "40-49"],
  ["a number of one digit", "7", "*", "0-9"],
  ["a negative one", "-345", "-***", "-300--399"],
  ["an amount", "12345.67", "12******", "10000-19999"],
  ["nought", "0", "*", "0-9"],
  ["an address", "河南省南阳市宛城区建设路100号院3号楼", "河南省南阳市宛城区****", "河南省****"],
  ["an address of a city", "南阳市宛城区中州路20号", "南阳市宛城区****", "南阳市****"],
  ["a short one", "宛城区某村", "****", "****"],
  ["text", "a long remark", "a ***********", "*"],
  ["one letter", "x", "*", "*"],
];

describe("masks of values", () => {
  const noName = () => expect.fail("no pseudonym is asked for");
  for (const [what, value, partial, coarse] of CASES) {
    it(`show of ${what} a part, or a class`, () => {
      expect(masked(value, "partial", noName)).to.equal(partial);
      expect(masked(value, "coarse", noName)).to.equal(coarse);
      expect(masked(value, "whole", noName)).to.equal(value);
    });
  }

  it("hide of whatever it is at least half, and do not hide that there is nothing", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (value) => {
        for (const way of ["partial", "coarse"] as const) {
          const shown = masked(value, way, noName) ?? "";
          if (/^-?\d+(\.\d+)?$/.test(value) && way === "coarse") continue;
          const letters = [...value];
          const kept = [...shown].filter((letter, at) => letter !== "*" && letters[at] === letter).length;
          expect(kept, `${way} ${shown}`).to.be.at.most(letters.length / 2);
        }
      }),
    );
    for (const way of ["partial", "coarse", "pseudonym"] as const) {
      expect([masked(null, way, noName), masked("", way, noName)]).to.deep.equal([null, ""]);
    }
  });
});

describe("rows that a grant is of", () => {
  const row = { district: "411302", day: "2026-03-01" } as const;
  const shows = (...filters: Parameters<typeof isShown>[0]) =>
    isShown(filters, (field) => (field in row ? row[field as keyof typeof row] : null));

  it("are those for which every filter holds, both ends included", () => {
    expect(shows()).to.equal(true);
    expect(shows({ field: "district", among: ["411301", "411302"] })).to.equal(true);
    expect(shows({ field: "district", among: ["411301"] })).to.equal(false);
    expect(shows({ field: "day", least: "2026-03-01", most: "2026-03-01" })).to.equal(true);
    expect(shows({ field: "day", least: "2026-03-02" })).to.equal(false);
    expect(shows({ field: "day", most: "2026-02-28" })).to.equal(false);
    expect(shows({ field: "district", among: ["411302"] }, { field: "day", least: "2026-04-01" })).to.equal(false);
  });

  it("are none without a value in a field that is filtered by", () => {
    expect(shows({ field: "absent", least: "" })).to.equal(false);
    expect(shows({ field: "absent", among: [""] })).to.equal(false);
  });
});
