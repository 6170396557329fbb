import { languageOf } from "@wanlian/protocol/language.js";
import { padded } from "@wanlian/protocol/screen-width.js";
import { expect } from "chai";

describe("language", () => {
  const environments: readonly (readonly [Readonly<Record<string, string>>, "zh" | "en"])[] = [
    [{}, "zh"],
    [{ LANG: "en_GB.UTF-8" }, "en"],
    [{ LANG: "C.UTF-8" }, "en"],
    [{ LANG: "POSIX" }, "en"],
    [{ LANG: "fr_FR.UTF-8" }, "zh"],
    [{ LANG: "en_US.UTF-8", LC_MESSAGES: "zh_CN.UTF-8" }, "zh"],
    [{ LANG: "zh_CN.UTF-8", LC_MESSAGES: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" }, "en"],
    [{ LANG: "en_US.UTF-8", LC_ALL: "" }, "en"],
  ];
  for (const [environment, language] of environments)
    it(`of ${JSON.stringify(environment)} is ${language}`, () =>
      expect(languageOf(["status"], environment)).to.equal(language));

  it("is what the command line asks for, wherever it says so", () => {
    for (const argv of [
      ["--lang", "en", "status"],
      ["status", "--lang=en"],
    ])
      expect(languageOf(argv, { LC_ALL: "zh_CN.UTF-8" }), argv.join(" ")).to.equal("en");
    expect(languageOf(["--lang", "fr"], {})).to.equal("zh"); // the parser refuses it; it does so in some language
  });
});

describe("a text's width on a screen", () => {
  it("counts two places for a Chinese character", () => {
    expect(padded("的", 4)).to.equal("的  ");
    expect(padded("longer", 4)).to.equal("longer");
  });
});
