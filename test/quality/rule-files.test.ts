import { parseRules, rulesDigest } from "@wanlian/client/quality/rules/rule-set.js";
import { expect } from "chai";

const YAML = `version: 1
id: marriages
revision: 2
title: { zh: 婚姻登记, en: marriages }
key: [no]
rules:
  - id: no-there
    check: notNull
    column: no
    dimension: completeness
  - id: id-right
    check: identityNumber
    column: id
    dimension: accuracy
    weight: 5
`;

const reading = (text: string | Uint8Array) => {
  try {
    parseRules(typeof text === "string" ? Buffer.from(text, "utf8") : text);
    return "accepted";
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
};

describe("a file of rules", () => {
  it("is YAML; comments, layout and order of members do not change its digest, a value does", () => {
    const digest = (text: string) => rulesDigest(parseRules(Buffer.from(text, "utf8")));
    const other = `# by the steward\n${YAML.replace("version: 1\nid: marriages", "id: marriages\nversion: 1")}`;
    expect(digest(other)).to.equal(digest(YAML));
    expect(digest(JSON.stringify(parseRules(Buffer.from(YAML))))).to.equal(digest(YAML));
    expect(digest(YAML.replace("weight: 5", "weight: 6"))).not.to.equal(digest(YAML));
    expect(digest(YAML)).to.equal("ead714ef0eeefef9f2e793bead2aed67ae565dcbbb460ab2c8437d9134f53ccc");
  });

  const FAULTS: readonly [what: string, from: string, to: string, says: RegExp][] = [
    ["an unknown kind of check", "check: notNull", "check: notNil", /line 7: rules\.0\.check is none of notNull/],
    ["a member that no check of the kind has", "column: no\n", "column: no\n    columns: [no]\n", /line \d+: rules\.0/],
    ["a member that is missing", "    column: id\n", "", /line 11: rules\.1/],
    ["a dimension that GB/T 36344 has not", "dimension: accuracy", "dimension: beauty", /line 14: rules\.1\.dimension/],
    ["two rules of one id", "id: id-right", "id: no-there", /line 11: two rules have the id "no-there"/],
    ["a doubled member", "column: no\n", "column: no\n    column: id\n", /unique/],
    ["a version that is not known", "version: 1", "version: 2", /line 1: version/],
    ["an anchor", "column: no\n", "column: &x no\n    message: *x\n", /anchors/],
    ["an anchor that refers to itself", "key: [no]", "key: &k [no, *k]", /anchors/],
    ["a weight of nothing", "weight: 5", "weight: 0", /rules\.1\.weight/],
    ["a broken line", "key: [no]", "key: [no", /line/],
  ];
  for (const [what, from, to, says] of FAULTS) {
    it(`is refused for ${what}, and the place is named`, () => {
      expect(reading(YAML)).to.equal("accepted");
      const found = reading(YAML.replace(from, to));
      expect(found).to.match(/^RULES_MALFORMED/);
      expect(found).to.match(says);
    });
  }

  it("is refused in GBK, where characters would be lost", () => {
    const gbk = Buffer.concat([Buffer.from("version: 1 # "), Buffer.from([0xc4, 0xcf]), Buffer.from("\n")]);
    expect(reading(gbk)).to.match(/RULES_MALFORMED.*UTF-8/);
  });
});
