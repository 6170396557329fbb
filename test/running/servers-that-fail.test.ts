import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { expect } from "chai";
import { endOf, taken } from "./ended.js";

const { resolve } = createRequire(import.meta.url);
const PEER = resolve("@wanlian/network/embedded/peer/main.js");
const ORDERER = resolve("@wanlian/network/embedded/orderer/main.js");
const CONTRACTS = resolve("@wanlian/chaincode/main.js");

describe("a server of the embedded network that cannot start", () => {
  let directory: string;
  let port: Awaited<ReturnType<typeof taken>>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-servers-"));
    port = await taken();
    const organisation = await Organisation.create(join(directory, "org"), "CivilMSP", "civil affairs");
    await organisation.addPeer("peer0", ["127.0.0.1"]);
    await organisation.addOrderer("orderer0", ["127.0.0.1"]);
    await writeFile(join(directory, "file"), "not a folder");
    await writeFile(
      join(directory, "garbage.pem"),
      "-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n",
    );
  });
  after(async () => {
    port.close();
    await rm(directory, { recursive: true, force: true });
  });

  const at = (...path: string[]) => join(directory, ...path);
  const tlsOf = (...path: string[]) => ({ cert: at(...path, "tls", "cert.pem"), key: at(...path, "tls", "key.pem") });
  const peer = () => ({
    ...{ mspId: "CivilMSP", mspDir: at("org", "peers", "peer0", "msp"), tls: tlsOf("org", "peers", "peer0") },
    ...{ listen: "127.0.0.1:0", dataDir: at("peer-data") },
  });
  const orderer = () => ({
    ...{ mspId: "CivilMSP", mspDir: at("org", "orderers", "orderer0", "msp") },
    ...{ listen: "127.0.0.1:0", adminListen: "127.0.0.1:0", dataDir: at("orderer-data") },
    tls: tlsOf("org", "orderers", "orderer0"),
    adminTls: { ...tlsOf("org", "orderers", "orderer0"), clientRootCerts: [at("org", "tlsca", "cert.pem")] },
  });

  const CASES: readonly [string, () => object, RegExp][] = [
    ["its port is in use", () => ({ listen: port.address }), /is in use by another process/],
    ["its data folder is a file", () => ({ dataDir: at("file") }), /file/],
    ["its identity is not there", () => ({ mspDir: at("none") }), /none/],
    [
      "its TLS key is none",
      () => ({ tls: { ...tlsOf("org", "peers", "peer0"), key: at("garbage.pem") } }),
      /garbage\.pem/,
    ],
    ["its configuration has a member that there is none of", () => ({ colour: "red" }), /colour/],
  ];
  for (const [name, main, settings] of [
    ["a peer", PEER, peer],
    ["an orderer", ORDERER, orderer],
  ] as const)
    for (const [what, more, says] of CASES)
      it(`${name} ends at once and says why where ${what}`, async () => {
        const file = at("server.json");
        await writeFile(file, JSON.stringify({ ...settings(), ...more() }));
        const { code, out, err } = await endOf(main, [file]);
        expect([code, out]).to.deep.equal([1, ""]);
        const said = err.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
        expect(said, err).to.have.length(1);
        expect(said[0]).to.match(says);
      });

  it("an orderer ends at once where its administrators' port is in use", async () => {
    const file = at("server.json");
    await writeFile(file, JSON.stringify({ ...orderer(), adminListen: port.address }));
    const { code, err } = await endOf(ORDERER, [file]);
    expect(code).to.equal(1);
    expect(err).to.include(port.address);
  });

  it("the contracts end at once where they lack a package id, a policy, or a port that is free", async () => {
    const genesis = at("policy.json");
    await writeFile(genesis, "{}");
    const whole = {
      ...{ CHAINCODE_ID: "records:1", CHAINCODE_SERVER_ADDRESS: "127.0.0.1:0" },
      ...{ WANLIAN_GENESIS_POLICY: genesis, WANLIAN_VOID_FILE: at("void") },
    };
    const cases: [NodeJS.ProcessEnv, RegExp][] = [
      [{ ...whole, CHAINCODE_ID: "" }, /CHAINCODE_ID/],
      [{ ...whole, WANLIAN_GENESIS_POLICY: at("none.json") }, /none\.json/],
      [{ ...whole, CHAINCODE_SERVER_ADDRESS: port.address }, /^the contracts cannot start at 127/m],
    ];
    for (const [environment, says] of cases) {
      const { code, out, err } = await endOf(CONTRACTS, [], environment);
      expect(code, err).to.be.oneOf([1, 2]);
      expect(out).to.equal("");
      expect(err).to.match(says);
    }
    expect(await readdir(directory)).to.include("policy.json");
  });
});
