import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { type ApiWorld, apiWorld, goOnTo, openChannel } from "../api/world.js";
import { type Ran, runWanlian } from "./wanlian.js";

/** A port that nobody listens at. */
const NO_NODE = "http://127.0.0.1:9";

describe("the rules that a command line offers", () => {
  let world: ApiWorld;
  beforeEach(async () => {
    world = await apiWorld();
  });
  afterEach(() => world.stop());

  const wanlian = (...argv: string[]): Promise<Ran> => at(world.base.replace("/api/v1", ""), ...argv);
  const at = (node: string, ...argv: string[]) => runWanlian(argv, { WANLIAN_NODE: node, LANG: "en_GB.UTF-8" });
  const rules = async () => (await world.call("GET", "/status")).get("rules");
  const nouns = async () => Object.values((await world.call("GET", "/model")).get("nouns") as { name: string }[]);
  const offers = async (noun: string) => (await nouns()).some(({ name }) => name === noun);

  it("are those in force on the node's channel: of version 1 there, of version 2 from its day on", async () => {
    await openChannel(world, 1);
    const lacked = await wanlian("assessment", "state", "--help");
    expect(lacked.code).to.equal(1);
    expect(lacked.err).to.equal(
      "By version 1 of the rules, which is in force on the channel. They have no assessment.\n",
    );
    const first = await wanlian("policy", "amend", "--help");
    expect(first.out).to.include("By version 1 of the rules, which is in force on the channel.");
    expect(first.out).not.to.include("--release-self-check");
    expect(await rules()).to.deep.equal({ version: 1, inForce: true });
    expect(await offers("assessment")).to.equal(false);

    await goOnTo(world, 2);
    const stated = await wanlian("assessment", "state", "--help");
    expect([stated.code, stated.err]).to.deep.equal([0, ""]);
    expect(stated.out).to.include("By version 2 of the rules, which is in force on the channel.");
    expect((await wanlian("policy", "amend", "--help")).out).to.include("--release-self-check");
    expect(await rules()).to.deep.equal({ version: 2, inForce: true });
    expect(await offers("assessment")).to.equal(true);
  });

  it("are said to be the newest of the software, where no channel is open and where no node answers", async () => {
    const newest = `By version ${RELEASED.latest.version} of the rules, the newest of this software`;
    expect((await wanlian("policy", "open", "--help")).out).to.include(newest);
    expect(await rules()).to.deep.equal({ version: RELEASED.latest.version, inForce: false });
    expect((await at(NO_NODE, "policy", "--help")).out).to.include(newest);
    const draft = ["policy", "draft", "--departments", "BureauMSP,CivilMSP"];
    for (const { version } of RELEASED.all) {
      const { out } = await at(NO_NODE, ...draft, "--model", String(version));
      expect(JSON.parse(out)).to.have.property("model", version);
    }
  });
});
