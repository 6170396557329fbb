import { status } from "@grpc/grpc-js";
import { GatewayError } from "@hyperledger/fabric-gateway";
import { expect } from "chai";
import { commitHashes } from "./blocks.js";
import { type City, caughtUp, codeOf, evaluate, failureOf, messageOf, sharedCity, submit, until } from "./city.js";
import type { DepartmentClient } from "./network.js";

describe("peer › faults", function () {
  this.timeout(90_000);
  let city: City;

  before(async () => {
    city = await sharedCity();
  });

  it("a peer killed under load takes up where it was, and agrees with the others block by block", async () => {
    const { network, bureau, police } = city;
    const load = keepSubmitting(bureau);
    for (let round = 0; round < 3; round++) {
      const before = load.committed.size;
      await until(async () => load.committed.size > before + 5);
      await network.processes.kill("peer-PoliceMSP");
      await network.startPeer("PoliceMSP");
    }
    await load.stop();
    await caughtUp(city);
    for (const key of load.committed) expect(await evaluate(police, "get", key)).to.equal(key);
    const mine = await commitHashes(city, "BureauMSP");
    const theirs = await commitHashes(city, "PoliceMSP");
    expect(theirs.slice(0, mine.length)).to.deep.equal(mine.slice(0, theirs.length));
  });

  it("while a peer is down the gateway plans without it, and says so where it cannot", async () => {
    const { network, bureau } = city;
    await network.processes.stop("peer-PoliceMSP");
    await submit(bureau, "put", "without", "police");
    const named = bureau.contract.submit("put", { arguments: ["x", "y"], endorsingOrganizations: ["PoliceMSP"] });
    const error = await failureOf(named);
    expect([status.UNAVAILABLE, status.ABORTED]).to.include(codeOf(error));
    await network.startPeer("PoliceMSP");
    await caughtUp(city);
  });

  it("a peer with its gateway off endorses and delivers, and offers no gateway", async () => {
    const { network, bureau, police } = city;
    await network.processes.stop("peer-PoliceMSP");
    await network.startPeer("PoliceMSP", { gateway: "off" });
    const error = await failureOf(evaluate(police, "get", "greeting"));
    expect(codeOf(error)).to.equal(status.UNIMPLEMENTED);
    await until(async () => {
      const named = bureau.contract.newProposal("put", {
        arguments: ["x", "y"],
        endorsingOrganizations: ["PoliceMSP"],
      });
      return named.endorse().then(
        () => true,
        () => false,
      );
    });
    await network.processes.stop("peer-PoliceMSP");
    await network.startPeer("PoliceMSP");
    await caughtUp(city);
  });

  it("a second process on the same data refuses to start, in one sentence", async () => {
    const settings = city.network.settings("PoliceMSP", "peer0");
    const reason = messageOf(await failureOf(city.network.launchPeer("peer-again", settings)));
    expect(reason).to.match(/channels\/pilot is in use by another peer process\.$/);
  });

  it("without the orderer a submit fails, and what was endorsed can be submitted later", async () => {
    const { network, bureau } = city;
    const transaction = await bureau.contract.newProposal("put", { arguments: ["later", "on"] }).endorse();
    await network.processes.kill("orderer");
    const error = await failureOf(transaction.submit());
    expect(codeOf(error)).to.equal(status.UNAVAILABLE);
    expect(messageOf(error)).to.contain("no orderers could successfully process transaction");
    await network.startOrderer();
    await until(async () => {
      const attempt = bureau.gateway.newTransaction(transaction.getBytes());
      return attempt.submit().then(
        async (commit) => (await commit.getStatus()).successful,
        () => false,
      );
    });
    await caughtUp(city);
  });
});

/** Submits one transaction after the other, several at a time, and notes what was committed. */
function keepSubmitting(client: DepartmentClient): { committed: Set<string>; stop(): Promise<void> } {
  const committed = new Set<string>();
  let stopped = false;
  let next = 0;
  const work = async (): Promise<void> => {
    while (!stopped) {
      const key = `load-${next++}`;
      try {
        await submit(client, "put", key, key);
        committed.add(key);
      } catch (error) {
        // A peer that is being killed may be the one that was asked; what was not acknowledged need not be there.
        if (!(error instanceof GatewayError)) throw error;
      }
    }
  };
  const workers = Array.from({ length: 6 }, work);
  return {
    committed,
    async stop() {
      stopped = true;
      await Promise.all(workers);
    },
  };
}
