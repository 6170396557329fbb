import { expect } from "chai";
import { type ApiWorld, apiWorld, openChannel } from "./world.js";

describe("the tables of the rules over the API", () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
  });
  after(() => world.stop());

  it("come packed to whoever takes it, and are the same then, also what they say of a demo channel", async () => {
    for (const isDemo of [undefined, true]) {
      if (isDemo) await openChannel(world);
      const [plain, packed] = await Promise.all(
        ["identity", "gzip"].map((coding) => world.call("GET", "/model", { headers: { "Accept-Encoding": coding } })),
      );
      expect([plain?.headers.get("content-encoding"), packed?.headers.get("content-encoding")]).to.deep.equal([
        null,
        "gzip",
      ]);
      expect(packed?.get("demo")).to.equal(isDemo);
      expect(packed?.body).to.deep.equal(plain?.body);
      expect(packed?.headers.get("vary")).to.contain("Accept-Encoding");
    }
  });
});
