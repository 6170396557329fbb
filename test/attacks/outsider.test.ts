import { broadcast } from "@wanlian/network/administration/calls/orderer.js";
import { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import { CertificateAuthority } from "@wanlian/network/certificates/authority.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { NetworkError } from "@wanlian/network/error.js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { forge } from "./forge.js";

/** Trust, row "an outsider": can connect and send anything; nothing is read or written. */
onEveryNetwork("attacks › an outsider", function (shared) {
  this.timeout(60_000);
  let pilot: RunningPilot;
  let outsider: SigningIdentity;
  let stranger: SigningIdentity;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    // A certificate that says all the right things, from an authority that the channel does not know.
    const { authority } = await CertificateAuthority.create("ca.CivilMSP", "民政局");
    const profile = { kind: "identity", unit: "client", name: "0201", roles: ["steward"] } as const;
    const credential = await authority.issue(profile);
    outsider = new SigningIdentity("CivilMSP", credential);
    stranger = new SigningIdentity("NobodyMSP", credential);
  });

  async function refusal(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      if (error instanceof NetworkError) return error.message;
      throw error;
    }
    throw new Error("it was let through");
  }

  it("reads nothing from a peer, under a member's name or none", async () => {
    const { endpoint, connections } = pilot.peer("CivilMSP");
    for (const identity of [outsider, stranger]) {
      const client = new PeerClient(endpoint, connections, identity);
      expect(await refusal(client.info(pilot.topology.channel))).to.match(/access denied/);
      expect(await refusal(client.block(pilot.topology.channel, 1n))).to.match(/access denied/);
    }
  });

  it("gets nothing ordered", async () => {
    const { channel, contracts } = pilot.topology;
    const { height } = await pilot.peer("CivilMSP").info(channel);
    const { envelope } = forge({
      ...{ channel, chaincode: contracts.name, creator: outsider, endorsers: [outsider] },
      args: ["dataset:register"],
      sets: { [contracts.name]: { writes: [{ key: "settings", value: Buffer.from("{}") }] } },
    });
    const sent = broadcast(Envelope.decode(envelope), pilot.network.orderers, pilot.network.connections, "all");
    expect(await refusal(sent)).to.match(/FORBIDDEN|403/);
    // Nodes write blocks of their own meanwhile.
    const peer = pilot.peer("CivilMSP");
    for (let number = height; number < (await peer.info(channel)).height; number += 1n) {
      const { data } = await peer.block(channel, number);
      expect((data?.data ?? []).filter((one) => Buffer.from(envelope).equals(one))).to.deep.equal([]);
    }
  });

  it("is let into no node without a session", async () => {
    const api = `http://${pilot.department("CivilMSP").node?.api}/api/v1`;
    for (const [method, route] of [
      ["GET", "catalogue"],
      ["GET", "alarms"],
      ["POST", "datasets"],
      ["POST", "clock/tick"],
    ] as const) {
      const answer = await fetch(`${api}/${route}`, {
        method,
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": "outsider-0001",
          Authorization: "Bearer guessed",
        },
        ...(method === "POST" ? { body: "{}" } : {}),
      });
      expect(answer.status, `${method} ${route}`).to.equal(401);
    }
  });
});
