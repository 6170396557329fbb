import { expect } from "chai";
import { ChaincodeProcess } from "./chaincode-process.js";
import { PeerStub } from "./peer-stub.js";

describe("the contracts' process", () => {
  it("serves a peer once it says so, and ends at once when asked to", async () => {
    const contracts = await ChaincodeProcess.start({});
    const peer = await PeerStub.connect(contracts.address);
    peer.close();
    expect(await contracts.stop()).to.equal(0);
  });
});
