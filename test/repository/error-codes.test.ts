import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { filesIn } from "./imports.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

/** Where codes are declared and where they are put into words; everywhere else they are raised or looked at. */
const DECLARED = ["client/core/error-code.ts", "chaincode/model/errors.ts"];
const WORDS = ["client/api-document/messages.ts"];

describe("error codes", () => {
  const sources = ["client", "chaincode"].flatMap(filesIn).filter((file) => ![...DECLARED, ...WORDS].includes(file));

  it("are all raised somewhere: none is there that nobody will ever see", () => {
    const codes = DECLARED.flatMap((file) => [...read(file).matchAll(/"([A-Z_]{4,})"/g)].map(([, code = ""]) => code));
    const text = sources.map(read).join("\n");
    expect(codes.length).to.be.above(80);
    expect(codes.filter((code) => !text.includes(`"${code}"`))).to.deep.equal([]);
  });

  it("are told apart by themselves, never by the words of a message", () => {
    const peeking = /\b(message|text)\.(startsWith|includes|match)\(\s*["'`/][A-Z_]{4,}/;
    expect(sources.filter((file) => peeking.test(read(file)))).to.deep.equal([]);
  });
});
