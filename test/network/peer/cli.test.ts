import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { expect } from "chai";
import { freePort } from "../free-port.js";
import { type City, failureOf, messageOf, sharedCity, until } from "./city.js";
import { CHAINCODE, CHANNEL } from "./network.js";

const { FABRIC_BIN } = process.env;
const run = promisify(execFile);

/** What Fabric's `peer` wants to find in its configuration before it looks at flags and environment. */
const CORE = "peer:\n  BCCSP:\n    Default: SW\n    SW: { Hash: SHA2, Security: 256 }\n";
const NAME = "third";

describe("peer › with Fabric's own command lines (FABRIC_BIN)", function () {
  this.timeout(120_000);
  let city: City;
  let folder: string;

  before(async function () {
    if (!FABRIC_BIN) this.skip();
    city = await sharedCity();
    folder = join(city.network.world.directory, "cli");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "core.yaml"), CORE);
  });

  const organisation = (mspId: string) => join(city.network.world.directory, "organizations", mspId);
  const address = (mspId: string) =>
    city.network.departments.find((one) => one.mspId === mspId)?.peers[0].address ?? "";
  const tlsRoot = (mspId: string) => join(organisation(mspId), "tlsca", "cert.pem");
  /** `peer` in the name of a department's administrator; what it prints. */
  const peer = (mspId: string, ...args: string[]): Promise<string> => peerWith({}, mspId, ...args);
  const peerWith = async (changes: object, mspId: string, ...args: string[]): Promise<string> => {
    const env = {
      FABRIC_CFG_PATH: folder,
      FABRIC_LOGGING_SPEC: "error",
      CORE_PEER_TLS_ENABLED: "true",
      CORE_PEER_LOCALMSPID: mspId,
      CORE_PEER_ADDRESS: address(mspId),
      CORE_PEER_TLS_ROOTCERT_FILE: tlsRoot(mspId),
      CORE_PEER_MSPCONFIGPATH: join(organisation(mspId), "administrators", "admin", "msp"),
      ...changes,
    };
    const { stdout, stderr } = await run(join(FABRIC_BIN ?? "", "peer"), args, { env });
    return stdout + stderr;
  };
  const orderer = () => {
    const [place] = city.network.world.topology.orderers.nodes;
    return ["-o", place?.address ?? "", "--tls", "--cafile", tlsRoot(place?.organisation ?? "")];
  };
  const atPeersOf = (...mspIds: string[]) =>
    mspIds.flatMap((mspId) => ["--peerAddresses", address(mspId), "--tlsRootCertFiles", tlsRoot(mspId)]);
  const everybody = () => city.network.departments.map(({ mspId }) => mspId);
  const args = (...words: string[]) => ["-c", JSON.stringify({ Args: words })];

  it("peer channel: list, getinfo, fetch from peer and orderer", async () => {
    expect(await peer("BureauMSP", "channel", "list")).to.contain(CHANNEL);
    expect(await peer("BureauMSP", "channel", "getinfo", "-c", CHANNEL)).to.match(/"height":\d+,"currentBlockHash":"/);
    await peer("BureauMSP", "channel", "fetch", "0", join(folder, "0.block"), "-c", CHANNEL);
    await peer("BureauMSP", "channel", "fetch", "newest", join(folder, "newest.block"), "-c", CHANNEL, ...orderer());
  });

  it("peer channel join: a second peer of a department takes the channel and catches up", async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    await city.network.world.organisations.get("BureauMSP")?.addPeer("peer1", ["127.0.0.1"]);
    await city.network.launchPeer("peer1", { ...city.network.settings("BureauMSP", "peer1"), listen });
    const at = { CORE_PEER_ADDRESS: listen };
    await peerWith(at, "BureauMSP", "channel", "join", "-b", join(folder, "0.block"));
    expect(await peerWith(at, "BureauMSP", "channel", "list")).to.contain(CHANNEL);
    const height = (info: string) => Number(/"height":(\d+)/.exec(info)?.[1]);
    const wanted = height(await peer("BureauMSP", "channel", "getinfo", "-c", CHANNEL));
    await until(async () => height(await peerWith(at, "BureauMSP", "channel", "getinfo", "-c", CHANNEL)) >= wanted);
    const again = await failureOf(peerWith(at, "BureauMSP", "channel", "join", "-b", join(folder, "0.block")));
    expect(messageOf(again)).to.contain(`ledger [${CHANNEL}] already exists`);
    await city.network.processes.stop("peer1");
  });

  it("peer chaincode: invoke and query", async () => {
    const channel = ["-C", CHANNEL, "-n", CHAINCODE];
    const two = atPeersOf("BureauMSP", "CivilMSP");
    await peer(
      "BureauMSP",
      "chaincode",
      "invoke",
      ...channel,
      ...args("put", "cli", "value"),
      ...orderer(),
      ...two,
      "--waitForEvent",
    );
    expect(await peer("CivilMSP", "chaincode", "query", ...channel, ...args("get", "cli"))).to.equal("value\n");
  });

  it("peer lifecycle chaincode: from package to first transaction, with initialization and a collection", async () => {
    const collections = [
      { name: "shared", policy: "OR('BureauMSP.member','CivilMSP.member')", requiredPeerCount: 0, maxPeerCount: 1 },
    ];
    await writeFile(join(folder, "collections.json"), JSON.stringify(collections));
    const policy = `OR(${everybody().map((mspId) => `'${mspId}.peer'`)})`;
    const definition = ["-C", CHANNEL, "-n", NAME, "-v", "1.0", "--sequence", "1", "--init-required"];
    const rules = ["--collections-config", join(folder, "collections.json"), "--signature-policy", policy];
    for (const mspId of everybody()) {
      const listens = `127.0.0.1:${await freePort()}`;
      const { id, content } = await contractPackage(NAME, listens);
      const file = join(folder, `${mspId}.tar.gz`);
      await writeFile(file, content);
      await peer(mspId, "lifecycle", "chaincode", "install", file);
      await city.network.startProbe(`${NAME}-${mspId}`, id, listens);
      expect(await peer(mspId, "lifecycle", "chaincode", "queryinstalled")).to.contain(id);
      await peer(
        mspId,
        "lifecycle",
        "chaincode",
        "approveformyorg",
        ...definition,
        ...rules,
        "--package-id",
        id,
        ...orderer(),
      );
      const readiness = await peer(mspId, "lifecycle", "chaincode", "checkcommitreadiness", ...definition, ...rules);
      expect(readiness).to.contain(`${mspId}: true`);
    }
    await peer(
      "BureauMSP",
      "lifecycle",
      "chaincode",
      "commit",
      ...definition,
      ...rules,
      ...orderer(),
      ...atPeersOf(...everybody()),
    );
    const committed = await peer("PoliceMSP", "lifecycle", "chaincode", "querycommitted", "-C", CHANNEL, "-n", NAME);
    expect(committed).to.contain("Version: 1.0, Sequence: 1").and.to.contain("PoliceMSP: true");

    const channel = ["-C", CHANNEL, "-n", NAME];
    const invoke = ["chaincode", "invoke", ...channel, ...orderer(), "--waitForEvent"];
    const early = await failureOf(peer("BureauMSP", ...invoke, ...args("put", "k", "v")));
    expect(messageOf(early)).to.contain("must call as init first");
    await peer("BureauMSP", ...invoke, "--isInit", ...args("init"));
    const twice = await failureOf(peer("BureauMSP", ...invoke, "--isInit", ...args("init")));
    expect(messageOf(twice)).to.contain("is already initialized but called as init");
    await peer("BureauMSP", ...invoke, ...args("hide", "shared", "k", "v"));
    expect(await peer("BureauMSP", "chaincode", "query", ...channel, ...args("reveal", "shared", "k"))).to.equal("v\n");
  });

  it("discover: peers, configuration and endorsers", async () => {
    const administrator = join(organisation("BureauMSP"), "administrators", "admin");
    const discover = async (...request: string[]): Promise<string> => {
      const identity = [
        ...["--peerTLSCA", tlsRoot("BureauMSP"), "--MSP", "BureauMSP"],
        ...["--userKey", join(administrator, "msp", "keystore", "priv_sk")],
        ...["--userCert", join(administrator, "msp", "signcerts", "cert.pem")],
        ...["--tlsCert", join(administrator, "tls", "cert.pem"), "--tlsKey", join(administrator, "tls", "key.pem")],
      ];
      const env = { FABRIC_LOGGING_SPEC: "error" };
      const where = ["--server", address("BureauMSP"), "--channel", CHANNEL];
      return (await run(join(FABRIC_BIN ?? "", "discover"), [...identity, ...request, ...where], { env })).stdout;
    };
    const peers: { MSPID: string }[] = JSON.parse(await discover("peers"));
    expect(peers.map(({ MSPID }) => MSPID)).to.have.members(everybody());
    expect(Object.keys(JSON.parse(await discover("config")).msps)).to.include.members(everybody());
    const [plan] = JSON.parse(await discover("endorsers", "--chaincode", CHAINCODE));
    expect(plan.Layouts).to.have.length(3);
  });
});
