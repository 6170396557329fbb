import { rm } from "node:fs/promises";
import { join } from "node:path";
import { apply } from "@wanlian/network/administration/apply.js";
import { readLedger, writeLedger } from "@wanlian/network/administration/ledger-file.js";
import { planFor } from "@wanlian/network/administration/plan.js";
import { observe } from "@wanlian/network/administration/state.js";
import { networkStatus } from "@wanlian/network/administration/status.js";
import { rebuildChain } from "@wanlian/network/embedded/orderer/rebuild-chain.js";
import { expect } from "chai";
import { refusal } from "../refusal.js";
import { submit, until } from "./city.js";
import { CHANNEL, PeerNetwork } from "./network.js";

const TIMEOUT_MS = 240_000;
const LOST = "CivilMSP";
const quiet = { begins: () => undefined, done: () => undefined, waits: () => undefined };

describe("a machine that is lost", function () {
  this.timeout(TIMEOUT_MS);
  let network: PeerNetwork;

  before(async () => {
    network = await PeerNetwork.start({ departments: 3 });
  });
  after(() => network?.stop());

  const complaints = async () => (await networkStatus(network.administration)).complaints;

  it("a peer comes back from the others' blocks, and runs the contracts that its department approved", async () => {
    const { processes, world, administration } = network;
    await processes.kill(`peer-${LOST}`);
    await rm(join(world.directory, "peers", `peer0.${LOST}`), { recursive: true, force: true });
    await network.startPeer(LOST);

    const client = await network.client("BureauMSP");
    await submit(client, "put", "while", "away");
    await apply(administration, quiet);
    expect(planFor(administration.topology, await observe(administration))).to.deep.equal({
      steps: [],
      obstacles: [],
    });
    await until(async () => (await complaints()).every(({ kind: what }) => what !== "contracts silent"));
    await until(() =>
      client.contract
        .newProposal("put", { arguments: ["it", "endorses"], endorsingOrganizations: [LOST] })
        .endorse()
        .then(
          () => true,
          () => false,
        ),
    );
  });

  it("an orderer that lost its blocks begins no second ledger, and goes on from a department's", async () => {
    const { processes, world, administration } = network;
    const dataDir = join(world.directory, "orderer");
    const file = join(world.directory, "ledger.blocks");
    await processes.kill("orderer");
    await rm(dataDir, { recursive: true });
    await network.startOrderer();
    expect(await refusal(apply(administration, quiet))).to.equal("DAMAGED");
    await processes.stop("orderer");

    await processes.kill("peer-PoliceMSP");
    expect(await refusal(writeLedger(administration, file, []))).to.equal("UNREACHABLE");
    const height = await writeLedger(administration, file, ["PoliceMSP"]);
    await network.startPeer("PoliceMSP");
    // Its connection is tried again a little later.
    await until(() =>
      writeLedger(administration, file, []).then(
        (again) => again === height,
        () => false,
      ),
    );

    expect(await rebuildChain(dataDir, CHANNEL, readLedger(file))).to.equal(height);
    await network.startOrderer();
    const client = await network.client("BureauMSP");
    await until(() => submit(client, "put", "after", "all").then(Boolean, () => false));
    await until(async () =>
      (await complaints()).every(({ kind: what }) => !/peer|orderer/.test(what) || what === "peers unseen"),
    );
  });
});
