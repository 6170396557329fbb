import { canonicalJson, parseCanonical } from "@wanlian/model/canonical.js";
import { formatLedgerError, LEDGER_ERROR_CODES, LedgerError, parseLedgerError } from "@wanlian/model/errors.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { encodeActKey, isActKey, numberUsedBy } from "@wanlian/model/kernel/key.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { textDigest } from "@wanlian/model/text-digest.js";
import { expect } from "chai";
import fc from "fast-check";

describe("canonical JSON", () => {
  // RFC 8785 §3.2.2, §3.2.3 and appendix B, the values that JSON can hold.
  it("is that of RFC 8785", () => {
    const input = {
      numbers: JSON.parse("[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]"),
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\u002f",
      literals: [null, true, false],
    };
    expect(canonicalJson(input)).to.equal(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 };
    expect(canonicalJson(keys)).to.equal('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}');
    expect(canonicalJson(-0)).to.equal("0");
    expect(canonicalJson(1e21)).to.equal("1e+21");
    expect(canonicalJson(5e-324)).to.equal("5e-324");
  });

  it("has no form for what JSON cannot carry, or what would exhaust a reader", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "\ud800", { "\udc00": 1 }, [undefined], () => 1]) {
      expect(() => canonicalJson(value)).to.throw(LedgerError);
    }
    let deep: unknown = 1;
    for (let level = 0; level < 40; level += 1) deep = [deep];
    expect(() => canonicalJson(deep)).to.throw("nested deeper");
    expect(parseCanonical(Buffer.from("[".repeat(20_000) + "]".repeat(20_000)))).to.equal(undefined);
  });

  it("is read back only if it is canonical to the byte", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalJson(JSON.parse(JSON.stringify(value).replace(/\\ud[89a-f][0-9a-f]{2}/gi, "")));
        expect(canonicalJson(parseCanonical(Buffer.from(text)))).to.equal(text);
        expect(parseCanonical(Buffer.from(` ${text}`))).to.equal(undefined);
      }),
    );
    for (const text of ['{"b":1,"a":2}', '{"a":1,"a":1}', '"\\u0041"', "1.0", "\ufeff1", "1e1"]) {
      expect(parseCanonical(Buffer.from(text)), text).to.equal(undefined);
    }
    for (const text of ['"\\ud800"', '{"\\udc00":1}', '{"9":1,"10":2}', "1e999", "-0"]) {
      expect(parseCanonical(Buffer.from(text)), text).to.equal(undefined);
    }
    for (const text of ['{"10":1,"9":2}', '{"__proto__":1,"a":{"toJSON":1}}', '"\\\\ud800"']) {
      expect(canonicalJson(parseCanonical(Buffer.from(text))), text).to.equal(text);
    }
    expect(parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).to.equal(undefined);
  });

  it("is told from another spelling as writing it anew would tell", () => {
    const keys = fc.oneof(fc.constantFrom("1", "10", "9", "a", "b", "\ud800", "\ue000", "__proto__"), fc.string());
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        fc.oneof(fc.constantFrom(-0, 1e21, "\ud800"), fc.string(), fc.double(), fc.constant(null)),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(keys, tie("json"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        const parsed: unknown = JSON.parse(text);
        let canonical: string | undefined;
        try {
          canonical = canonicalJson(parsed);
        } catch (error) {
          expect(error).to.be.instanceOf(LedgerError);
        }
        expect(parseCanonical(Buffer.from(text)) !== undefined || parsed === undefined).to.equal(canonical === text);
        if (canonical !== undefined)
          expect(parseCanonical(Buffer.from(canonical))).to.deep.equal(JSON.parse(canonical));
      }),
    );
  });
});

describe("keys of acts", () => {
  const ID = "a".repeat(64) as TransactionId;
  const refs = fc.record({
    noun: fc.stringMatching(/^[a-z][A-Za-z]{0,31}$/),
    case: fc.stringMatching(/^[\x21-\x7e]{1,160}$/),
    number: fc.integer({ min: 1, max: 9_999_999_999 }),
  });

  const ids = fc.stringMatching(/^[0-9a-f]{64}$/).map((id) => id as TransactionId);

  it("stand for one act of one transaction each", () => {
    fc.assert(
      fc.property(refs, refs, ids, ids, (a, b, id, other) => {
        const key = encodeActKey(a, id);
        expect(numberUsedBy(key)).to.deep.equal(a);
        expect(isActKey(key, a, id)).to.equal(true);
        expect(isActKey(key, a, other)).to.equal(id === other);
        const same = a.noun === b.noun && a.case === b.case && a.number === b.number;
        expect(key === encodeActKey(b, id)).to.equal(same);
      }),
    );
  });

  it("use up the number in whose range they lie, whatever follows there", () => {
    const range = "\u0000log\u0000a\u00000000000001\u0000";
    for (const rest of ["", "x", "\u0000\u0000", "f".repeat(64), "\u{10fffe}"]) {
      expect(numberUsedBy(range + rest), JSON.stringify(rest)).to.deep.equal({ noun: "log", case: "a", number: 1 });
    }
    expect(numberUsedBy(`${range}\u{10ffff}`)).to.equal(undefined);
  });

  it("are nothing that a case's id could reach into", () => {
    expect(() => encodeActKey({ noun: "log", case: "a\u00000000000001\u0000", number: 1 }, ID)).to.throw(RangeError);
    expect(() => encodeActKey({ noun: "log", case: "a", number: 0 }, ID)).to.throw(RangeError);
    for (const key of ["", "log", "\u0000log\u0000a\u00001\u0000", "\u0000Pig\u0000a\u00000000000001\u0000"]) {
      expect(numberUsedBy(key), JSON.stringify(key)).to.equal(undefined);
    }
    expect(numberUsedBy("\u0000log\u0000a\u00000000000000\u0000")).to.equal(undefined);
    expect(numberUsedBy("\u0000log\u0000a\u00000000000001")).to.equal(undefined);
  });
});

describe("refusals", () => {
  it("survive the gateway's wrapping with their code and message", () => {
    for (const code of LEDGER_ERROR_CODES) {
      const text = formatLedgerError(new LedgerError(code, "what,\nwhich, what now"));
      expect(text).not.to.contain("\n");
      for (const wrapped of [
        text,
        `chaincode response 500, ${text}`,
        `transaction returned with failure: Error: ${text}`,
      ]) {
        const parsed = parseLedgerError(wrapped);
        expect(parsed?.code).to.equal(code);
        expect(parsed?.message).to.equal("what, which, what now");
      }
    }
    expect(parseLedgerError("chaincode stream terminated")).to.equal(undefined);
    expect(parseLedgerError("NOT_A_CODE: x")).to.equal(undefined);
  });
});

describe("a command's input", () => {
  it("is refused before anything is asked of the ledger if it is not of the form", () => {
    const refused = (input: string) => () => parseInput("dataset", "withdraw", input);
    expect(refused("")).to.throw("no JSON");
    expect(refused("[]")).to.throw(LedgerError);
    expect(refused('{"case":null,"body":{},"basis":[],"noun":"policy"}')).to.throw(LedgerError);
    expect(refused('{"case":"a b","body":{},"basis":[]}')).to.throw(LedgerError);
    expect(refused('{"case":"a","body":[],"basis":[]}')).to.throw(LedgerError);
    expect(refused('{"case":"a","body":{},"basis":[{"noun":"log","case":"a","act":-1,"next":0}]}')).to.throw(
      LedgerError,
    );
    expect(refused('{"case":"a","body":{},"basis":[{"noun":"log","case":"a","act":0.5,"next":1}]}')).to.throw(
      LedgerError,
    );
    expect(refused(`{"case":"a","body":{"x":"${"x".repeat(65_536)}"},"basis":[]}`)).to.throw("at most");
    expect(parseInput("dataset", "withdraw", '{"case":"a","body":{},"basis":[]}')).to.deep.equal({
      noun: "dataset",
      type: "withdraw",
      case: "a",
      body: {},
      basis: [],
    });
  });

  it("cannot smuggle a prototype into the rules", () => {
    const input = '{"case":"a","body":{"__proto__":{"status":"closed"}},"basis":[]}';
    const { body } = parseInput("dataset", "withdraw", input);
    expect(Object.getPrototypeOf(body)).to.equal(Object.prototype);
  });
});

describe("digests", () => {
  it("of a text hide it behind 16 bytes of salt", () => {
    const salt = "07".repeat(16);
    expect(textDigest("资料不全", salt)).to.match(/^[0-9a-f]{64}$/);
    expect(textDigest("资料不全", salt)).not.to.equal(textDigest("资料不全", "08".repeat(16)));
    expect(() => textDigest("x", "07".repeat(15))).to.throw("16 bytes");
  });

  it("of a release's fields change its root with every name, digest and order", () => {
    const field = (name: string, character: string) => ({ name, digest: character.repeat(64) as Digest });
    const roots = [
      [field("a", "1"), field("b", "2")],
      [field("b", "2"), field("a", "1")],
      [field("a", "1"), field("b", "3")],
      [field("a", "1"), field("c", "2")],
      [field("a", "1")],
    ].map(releaseRoot);
    expect(new Set(roots).size).to.equal(roots.length);
  });
});
