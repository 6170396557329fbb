import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Signer } from "@wanlian/client/core/services.js";
import { signWith } from "@wanlian/client/keys/signing.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import type { EndorsedTransaction, LedgerConnector } from "@wanlian/client/ledger/connector.js";
import { FabricNetworkConnector } from "@wanlian/client/ledger/fabric-network/fabric-network-connector.js";
import { readHeaders } from "@wanlian/client/ledger/transaction.js";
import { expect } from "chai";
import { type City, caughtUp, evaluate, sharedCity, text, until } from "./city.js";
import { CHAINCODE, CHANNEL } from "./network.js";

/** As long as a fate may take to be known, on a busy machine. */
const PATIENCE_MS = 20_000;

/** A node's way to the ledger where peers have no Gateway service: Fabric 2.2 and 2.3. */
describe("connector on fabric-network", function () {
  this.timeout(120_000);
  let city: City;
  let connector: LedgerConnector;
  let signer: Signer;

  before(async () => {
    city = await sharedCity();
    const { network } = city;
    await network.processes.stop("peer-PoliceMSP");
    await network.startPeer("PoliceMSP", { gateway: "off" });
    const organisation = join(network.world.directory, "organizations", "PoliceMSP");
    const msp = join(organisation, "clients", "node", "msp");
    const privateKey = await readFile(join(msp, "keystore", "priv_sk"), "utf8");
    signer = {
      mspId: "PoliceMSP",
      certificate: await readFile(join(msp, "signcerts", "cert.pem")),
      sign: signWith(createPrivateKey(privateKey)),
    };
    const place = network.departments.find(({ mspId }) => mspId === "PoliceMSP") ?? expect.fail("no such department");
    connector = FabricNetworkConnector.open(
      {
        channel: CHANNEL,
        chaincode: CHAINCODE,
        address: place.peers[0].address,
        tlsRootCertificates: await readFile(join(organisation, "tlsca", "cert.pem")),
        serverName: undefined,
        signer,
      },
      () => undefined,
    );
    await until(async () => (await put("known", "others")) !== undefined);
  });

  after(async () => {
    connector.close();
    await city.network.processes.stop("peer-PoliceMSP");
    await city.network.startPeer("PoliceMSP");
    await caughtUp(city);
  });

  /** Endorses; undefined while the peers do not know each other yet. */
  async function put(key: string, value: string): Promise<EndorsedTransaction | undefined> {
    return connector.endorse(signer, "put", [key, value]).catch(() => undefined);
  }

  it("has a call endorsed by two departments, ordered, and told by its id", async () => {
    const transaction = await connector.endorse(signer, "put", ["legacy", "yes"]);
    expect(await connector.commitStatus(transaction.transactionId, 200)).to.equal(undefined);
    await connector.submit(transaction);
    expect(await connector.commitStatus(transaction.transactionId, PATIENCE_MS)).to.include({ code: 0 });
    await until(async () => (await evaluate(city.bureau, "get", "legacy")) === "yes");
    expect(text(await connector.evaluate(signer, "get", ["legacy"]))).to.equal("yes");
  });

  it("tells a contract's refusal in its own words", async () => {
    const policy = "";
    const first = await connector.endorse(signer, "create", ["once", policy]);
    await connector.submit(first);
    expect(await connector.commitStatus(first.transactionId, PATIENCE_MS)).to.include({ code: 0 });
    let refused: unknown;
    await connector.endorse(signer, "create", ["once", policy]).catch((error: unknown) => {
      refused = error;
    });
    expect(refused).to.include({ code: "REFUSED" });
    expect(String(refused)).to.contain("once exists");
  });

  it("reads the peer's blocks", async () => {
    const stopping = new AbortController();
    const height = await connector.height(stopping.signal);
    for await (const bytes of connector.blocks(height - 1n, stopping.signal)) {
      const block = readBlock(bytes);
      expect(block.number).to.equal(height - 1n);
      expect(readHeaders(block.envelopes[0] ?? new Uint8Array())?.channel).to.equal(CHANNEL);
      break;
    }
    stopping.abort();
  });
});
