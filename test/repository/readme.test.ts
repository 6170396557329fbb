import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { FLOORS } from "./floors.js";

const root = new URL("../../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");

describe("README", () => {
  for (const name of ["README.md", "README.zh-CN.md"]) {
    it(`${name} opens with the two commands`, () => {
      const commands = [...read(name).matchAll(/^\.\/scripts\/\w+/gm)].map((match) => match[0]);
      expect(commands.slice(0, 2)).to.deep.equal(["./scripts/pilot", "./scripts/test"]);
    });

    it(`${name} points to nothing that is not there`, () => {
      const links = [...read(name).matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? "");
      expect(links.filter((link) => !existsSync(new URL(link, root)))).to.deep.equal([]);
    });
  }

  it("says as much in Chinese as in English", () => {
    const headings = (name: string) => [...read(name).matchAll(/^#+ /gm)].length;
    expect(headings("README.zh-CN.md")).to.equal(headings("README.md"));
  });
});

describe("the architecture", () => {
  for (const name of ["docs/architecture.md", "docs/architecture.zh-CN.md"]) {
    it(`${name} names no file that is not there, and every room of a node`, () => {
      const text = read(name);
      const named = [...text.matchAll(/`((?:client|chaincode|test|protocol|network)\/[\w./-]*)`/g)].map(
        ([, file = ""]) => file,
      );
      expect(named.length).to.be.above(50);
      expect(named.filter((file) => !existsSync(new URL(file, root)))).to.deep.equal([]);
      expect(FLOORS.flat().filter((room) => !text.includes(`\`${room}/\``))).to.deep.equal([]);
    });
  }

  it("shows every room in its picture", () => {
    const picture = read("docs/architecture.svg");
    expect(FLOORS.flat().filter((room) => !picture.includes(`>${room}/<`))).to.deep.equal([]);
  });
});
