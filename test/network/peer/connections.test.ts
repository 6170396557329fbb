import { ServerCredentials } from "@grpc/grpc-js";
import { ChaincodeConnections } from "@wanlian/network/embedded/peer/dialogue/connections.js";
import type { ChaincodePackage } from "@wanlian/network/embedded/peer/dialogue/package.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { Chaincode } from "@wanlian/network/grpc/services.js";
import { ChaincodeID } from "@wanlian/protocol/messages/chaincode.js";
import { ChaincodeMessageType } from "@wanlian/protocol/messages/shim.js";
import { expect } from "chai";
import { pino } from "pino";
import { freePort } from "../free-port.js";
import { refusal } from "../refusal.js";
import { failureOf, messageOf, until } from "./city.js";

const PACKAGE_ID = "records_1:00";

describe("chaincode connections", () => {
  let address: string;
  let connections: ChaincodeConnections;
  let server: RpcServer | undefined;

  beforeEach(async () => {
    address = `127.0.0.1:${await freePort()}`;
    const found: ChaincodePackage = {
      packageId: PACKAGE_ID,
      label: "records_1",
      type: "ccaas",
      server: { address, dialTimeoutMs: 500 },
    };
    const store = { get: (id: string) => (id === PACKAGE_ID ? found : undefined) };
    const silent = pino({ level: "silent" });
    connections = new ChaincodeConnections(store, () => expect.fail("nothing is asked"), silent);
  });

  afterEach(async () => {
    connections.close();
    await server?.close();
    server = undefined;
  });

  /** A chaincode server that registers under a name. */
  const serve = async (name: string): Promise<void> => {
    server = new RpcServer().bidi(Chaincode.connect, async (requests, send) => {
      await send({ type: ChaincodeMessageType.REGISTER, payload: ChaincodeID.encode({ name }) });
      for await (const _ of requests);
    });
    await server.listen(address, ServerCredentials.createInsecure());
  };

  it("a server that is there is dialled once, however many call", async () => {
    await serve(PACKAGE_ID);
    const [one, other] = await Promise.all([connections.stream(PACKAGE_ID), connections.stream(PACKAGE_ID)]);
    expect(one).to.equal(other);
    expect(await connections.stream(PACKAGE_ID)).to.equal(one);
  });

  it("a server that comes up while it is awaited is reached", async () => {
    const awaited = connections.stream(PACKAGE_ID);
    await serve(PACKAGE_ID);
    expect((await awaited).ended).to.equal(false);
  });

  it("one that stays away is awaited once; then calls fail at once until it is back", async () => {
    const waited = await failureOf(connections.stream(PACKAGE_ID));
    expect(messageOf(waited)).to.contain(`could not launch chaincode ${PACKAGE_ID}: connection to ${address} failed`);
    // The very same error again: nothing was tried in between.
    expect(await failureOf(connections.stream(PACKAGE_ID))).to.equal(waited);
    await serve(PACKAGE_ID);
    await until(() =>
      connections.stream(PACKAGE_ID).then(
        () => true,
        () => false,
      ),
    );
  });

  it("a server that says it is another chaincode is refused, with what to do", async () => {
    await serve("other:11");
    const error = await failureOf(connections.stream(PACKAGE_ID));
    expect(messageOf(error)).to.contain(
      `the server registered as "other:11"; start it with CHAINCODE_ID=${PACKAGE_ID}`,
    );
  });

  it("a package that is not installed is not dialled", async () => {
    expect(await refusal(connections.stream("other:11"))).to.equal("CHAINCODE_UNAVAILABLE");
  });
});
