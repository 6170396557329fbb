import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { filesIn } from "./imports.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

/** Where codes are declared, and who raises them. */
const RAISED_BY: Readonly<Record<string, readonly string[]>> = {
  client: ["client"],
  chaincode: ["chaincode"],
  network: ["network", "scripts"],
  protocol: ["protocol"],
};
const SOURCES = ["client", "chaincode", "network", "protocol", "scripts"];

/** `export type SomeErrorCode = | "ONE" | …`, or the list that such a type is made of. */
const DECLARATION = /export (?:type \w+Code =|const \w+_CODES = \[)[^;]*;/g;
const CODE = /"([A-Z]+(?:_[A-Z]+)*)"/g;

/** Places where a code is only looked at: compared, a case of a switch, one of a set. */
const LOOKED_AT = [
  /[!=]==\s*"[A-Z_]+"/g,
  /"[A-Z_]+"\s*[!=]==/g,
  /\bcase "[A-Z_]+":/g,
  /new Set(?:<[^>]*>)?\(\[[^\]]*\]\)/g,
  /\[[^\][]*\]\.includes\(/g,
];

const codesIn = (text: string) => [...text.matchAll(CODE)].map(([, code = ""]) => code);

const withoutComments = (text: string) => text.replace(/\/\*\*[\s\S]*?\*\//g, "");

function declaredIn(text: string): string[] {
  return [...withoutComments(text).matchAll(DECLARATION)].flatMap(([declaration]) => codesIn(declaration));
}

function raisedIn(text: string): string[] {
  const bare = withoutComments(text).replace(DECLARATION, "");
  return codesIn(LOOKED_AT.reduce((left, place) => left.replace(place, ""), bare));
}

describe("error codes", () => {
  it("are told declared, raised and looked at", () => {
    const text = `
      export type OneErrorCode =
        /** What "NOBODY" means; and more. */
        | "RAISED"
        | "LOOKED_AT";
      if (error.code === "LOOKED_AT" || ["LOOKED_AT"].includes(code)) throw new OneError("RAISED", "it is");
      const PASSING = new Set(["LOOKED_AT"]);
      switch (code) { case "LOOKED_AT": }`;
    expect(declaredIn(text)).to.deep.equal(["RAISED", "LOOKED_AT"]);
    expect(raisedIn(text)).to.deep.equal(["RAISED"]);
  });

  for (const [workspace, raisers] of Object.entries(RAISED_BY)) {
    it(`of ${workspace} are all raised somewhere: none is declared that nobody will ever see`, () => {
      const declared = new Set(filesIn(workspace).map(read).flatMap(declaredIn));
      const raised = new Set(raisers.flatMap(filesIn).map(read).flatMap(raisedIn));
      expect(declared.size).to.be.above(workspace === "client" ? 60 : 7);
      expect([...declared].filter((code) => !raised.has(code))).to.deep.equal([]);
    });
  }

  it("are told apart by themselves, never by the words of a message", () => {
    const files = SOURCES.flatMap(filesIn).map((file) => ({ file, text: read(file) }));
    const codes = [...new Set(files.flatMap(({ text }) => declaredIn(text)))].join("|");
    const peeking = [
      new RegExp(`(?:startsWith|includes|match|indexOf)\\(\\s*["'\`/]\\^?(?:${codes})\\b[^"]`),
      new RegExp(`message\\b[^\\n]{0,30}\\.(?:startsWith|includes|match|indexOf)\\(\\s*["'\`](?:${codes})\\b`),
      /\[A-Z_?\][+*][^\n]*\.(?:exec|test)\([^)\n]*message/,
      /\bmessage\s*\.startsWith\(/,
    ];
    expect(files.filter(({ text }) => peeking.some((way) => way.test(text))).map(({ file }) => file)).to.deep.equal([]);
  });
});
