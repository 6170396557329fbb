import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { model1 } from "@wanlian/model/model-1/model.js";
import { ModelVersions } from "@wanlian/model/models.js";
import { expect } from "chai";

const MODEL = fileURLToPath(new URL("../../../chaincode/model/", import.meta.url));

describe("versions of the model", () => {
  it("are modules: what judges and what they share knows no version, and none of their nouns", () => {
    for (const room of ["kernel", "time", "identity"]) {
      for (const file of readdirSync(join(MODEL, room))) {
        const source = readFileSync(join(MODEL, room, file), "utf8");
        expect(source, `${room}/${file}`).not.to.match(/from "[^"]*(model-\d|models\.js|in-force\.js)/);
        expect(source, `${room}/${file}`).not.to.match(/(?<!typeof )(noun|kind|relation)(: | === )"/);
      }
    }
  });

  it("are asked for by number, and one that the software lacks is said to be missing", () => {
    const models = new ModelVersions(model1);
    expect(models.of(1)).to.equal(model1);
    expect(models.has(2)).to.equal(false);
    expect(() => models.of(2)).to.throw("this software has no model 2; upgrade it");
  });
});
