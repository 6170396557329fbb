import { JsonFault, parseStrictJson } from "@wanlian/client/core/strict-json.js";
import { expect } from "chai";
import fc from "fast-check";

const parse = (text: string) => parseStrictJson(Buffer.from(text, "utf8"));
const says = (bytes: Uint8Array): string => {
  try {
    parseStrictJson(bytes);
    return "accepted";
  } catch (error) {
    if (error instanceof JsonFault) return error.message;
    throw error;
  }
};

describe("JSON that is handed in", () => {
  it("is read as the platform reads it, whatever its values", () => {
    const value = fc
      .jsonValue({ stringUnit: "grapheme", noUnicodeString: false })
      .filter((one) => !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(one)));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (given, space) => {
        const text = JSON.stringify(given, undefined, space);
        expect(parse(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("is refused where the platform refuses it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'{}[]",:\\u0a1e-.tfn '.split(""), "true", "null"), { maxLength: 8 }),
        (parts) => {
          const text = parts.join("");
          let platform = true;
          try {
            JSON.parse(text);
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            platform = false;
          }
          if (!platform) expect(says(Buffer.from(text))).not.to.equal("accepted");
        },
      ),
      { numRuns: 2000 },
    );
  });

  const CASES: readonly [what: string, bytes: Uint8Array, says: RegExp][] = [
    ["a member that stands twice", Buffer.from('{"a":1,"b":{"a":1},"a":2}'), /"a" stands twice/],
    ["a member that stands twice, once escaped", Buffer.from('{"a":1,"\\u0061":2}'), /stands twice/],
    ["NUL, escaped", Buffer.from('["a\\u0000b"]'), /NUL/],
    ["NUL as it is", Buffer.from('["a\0b"]'), /control character/],
    ["a text that does not end", Buffer.from('["a'), /does not end/],
    ["a text whose last mark is escaped", Buffer.from('["a\\\\\\"]'), /does not end/],
    ["a text of sixteen megabytes, and another", Buffer.from(`"${"x".repeat(16e6)}" ""`), /follows/],
    ["more values than anything has", Buffer.from(`[${"[],".repeat(600_000)}[]]`), /values/],
    ["half a surrogate pair", Buffer.from('["\\ud800"]'), /surrogate/],
    ["GBK", Buffer.from([0x22, 0xc4, 0xcf, 0x22]), /UTF-8/],
    ["two values", Buffer.from("1 2"), /follows/],
    ["a depth that would exhaust the stack", Buffer.from("[".repeat(100_000)), /nested/],
  ];
  for (const [what, bytes, message] of CASES) {
    it(`is refused for ${what}`, () => expect(says(bytes)).to.match(message));
  }

  it("is nested up to 64 deep, and holds up to 600,000 values", () => {
    const nested = (depth: number) => Buffer.from("[".repeat(depth + 1) + "]".repeat(depth + 1));
    expect(says(nested(64))).to.equal("accepted");
    expect(says(nested(65))).to.match(/nested deeper than 64/);
    const values = (count: number) => Buffer.from(`[${"1,".repeat(count - 2)}1]`);
    expect(says(values(600_000))).to.equal("accepted");
    expect(says(values(600_001))).to.match(/more than 600000 values/);
  });

  it("takes __proto__ for a member like any other", () => {
    const value = parse('{"__proto__":{"x":1}}') as object;
    expect(Object.hasOwn(value, "__proto__")).to.equal(true);
    expect("x" in value).to.equal(false);
  });

  it("takes the same member in different objects, and pairs of surrogates", () => {
    expect(parse('[{"a":1},{"a":2},"\\ud83d\\ude00"]')).to.deep.equal([{ a: 1 }, { a: 2 }, "😀"]);
  });
});
