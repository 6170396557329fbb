import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { ChaincodeEvent, CloseableAsyncIterable, Commit, Transaction } from "@hyperledger/fabric-gateway";
import { peerInformant } from "@wanlian/network/administration/informant.js";
import { currentConfig } from "@wanlian/network/administration/state.js";
import { submitUpdate } from "@wanlian/network/administration/submit-update.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { setRevocationLists } from "@wanlian/network/channel/changes.js";
import { signUpdate, updateFile } from "@wanlian/network/channel/update-file.js";
import { blocksFrom, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials } from "@wanlian/network/grpc/credentials.js";
import { Deliver, Discovery } from "@wanlian/network/grpc/services.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import { DiscoveryRequest } from "@wanlian/protocol/messages/discovery.js";
import { expect } from "chai";
import {
  type City,
  caughtUp,
  codeOf,
  detailsOf,
  endorse,
  evaluate,
  failureOf,
  messageOf,
  sharedCity,
  submit,
} from "./city.js";
import { CHAINCODE, CHANNEL, type DepartmentClient } from "./network.js";

const MSP = "PoliceMSP";
const NAME = "leaver";

describe("peer › somebody whose certificate was revoked", function () {
  this.timeout(60_000);
  let city: City;
  let leaver: DepartmentClient;
  let identity: SigningIdentity;
  let client: RpcClient;
  let kept: Transaction;
  let known: Commit;
  let stream: CloseableAsyncIterable<ChaincodeEvent>;
  /** How the event stream that was open when the revocation came has ended. */
  let ended: Promise<unknown>;

  before(async () => {
    city = await sharedCity();
    const organisation = city.network.world.organisations.get(MSP) ?? expect.fail("the world lacks a department");
    const folder = await organisation.addClient(NAME, ["node"], ["127.0.0.1"]);
    leaver = await city.network.client(MSP, NAME);
    identity = await SigningIdentity.read(MSP, join(folder, "msp"));
    const address = city.network.departments.find(({ mspId }) => mspId === MSP)?.peers[0].address ?? "";
    client = new RpcClient(
      address,
      clientCredentials(await readFile(join(organisation.directory, "tlsca", "cert.pem"))),
    );
    await submit(leaver, "put", "before", "leaving");
    known = await leaver.contract.submitAsync("put", { arguments: ["known", "v"] });
    expect((await known.getStatus()).successful).to.equal(true);
    kept = await endorse(leaver, "put", "kept", "back");
    stream = await leaver.gateway.getNetwork(CHANNEL).getChaincodeEvents(CHAINCODE);
    const next = stream[Symbol.asyncIterator]().next();
    ended = next.then(
      () => undefined,
      (error: unknown) => error,
    );
    await revoke(...(await organisation.revoke([NAME])));
    await caughtUp(city);
  });

  after(() => client?.close());

  it("endorses and evaluates nothing", async () => {
    for (const attempt of [submit(leaver, "put", "k", "v"), evaluate(leaver, "get", "before")]) {
      const denied = `access denied: channel [${CHANNEL}] creator org [${MSP}]`;
      expect(JSON.stringify(detailsOf(await failureOf(attempt)))).to.contain(denied);
    }
  });

  it("submits nothing, not even what was endorsed before", async () => {
    const error = await failureOf(kept.submit());
    expect(codeOf(error)).to.equal(status.ABORTED);
    expect(messageOf(error)).to.contain("status=FORBIDDEN");
  });

  it("learns no transaction's fate and gets no events", async () => {
    expect(codeOf(await failureOf(known.getStatus()))).to.equal(status.PERMISSION_DENIED);
    const events = await leaver.gateway.getNetwork(CHANNEL).getChaincodeEvents(CHAINCODE, { startBlock: 0n });
    const first = events[Symbol.asyncIterator]().next();
    expect(codeOf(await failureOf(first))).to.equal(status.PERMISSION_DENIED);
  });

  it("a stream of events that was open ends", async () => {
    expect(codeOf(await ended)).to.equal(status.PERMISSION_DENIED);
    stream.close();
  });

  it("is told nothing by discovery, and given no block", async () => {
    const payload = DiscoveryRequest.encode({
      authentication: { clientIdentity: identity.creator },
      queries: [{ channel: CHANNEL, peerQuery: {} }],
    });
    const { results } = await client.unary(Discovery.discover, { payload, signature: identity.sign(payload) });
    expect(results[0]?.error?.content).to.equal("access denied");
    const stream = client.bidi(Deliver.deliver);
    await stream.send(seekRequest({ channelId: CHANNEL, seek: blocksFrom(0n) }, identity));
    for await (const { status: code } of stream) expect(code).to.equal(Status.FORBIDDEN);
  });

  it("others of the same department go on", async () => {
    expect(await submit(city.police, "put", "after", "all")).to.equal("all");
  });

  /** Puts a revocation list into the channel's configuration, signed by every department's administrator. */
  async function revoke(...lists: string[]): Promise<void> {
    const { administration } = city.network;
    const [first] = administration.peers;
    const peer = first === undefined ? expect.fail("there is no peer") : administration.peer(first);
    const { channelGroup } = await currentConfig(peer, CHANNEL);
    if (channelGroup === undefined) return expect.fail("there is no configuration");
    let file = updateFile(computeUpdate(CHANNEL, channelGroup, setRevocationLists(channelGroup, MSP, lists)));
    for (const { mspId } of city.network.departments) {
      file = signUpdate(file, administration.administrator(mspId).identity);
    }
    await submitUpdate(administration, file, peerInformant(peer, CHANNEL));
  }
});
