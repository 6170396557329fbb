import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { followUntil } from "@wanlian/network/administration/calls/commit.js";
import { Connections } from "@wanlian/network/administration/calls/connection.js";
import { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import { type Complaint, describeComplaint } from "@wanlian/network/administration/complaints.js";
import { readRequest } from "@wanlian/network/certificates/request.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { parseUpdateFile } from "@wanlian/network/channel/update-file.js";
import { statusLines } from "@wanlian/network/cli/status.js";
import { damaged } from "@wanlian/network/embedded/checksum.js";
import { NetworkError, type NetworkErrorCode } from "@wanlian/network/error.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { serverCredentials } from "@wanlian/network/grpc/credentials.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { Deliver } from "@wanlian/network/grpc/services.js";
import { expectSpace } from "@wanlian/network/processes/files.js";
import { takeLock } from "@wanlian/network/processes/lock.js";
import { expectFree } from "@wanlian/network/processes/port.js";
import { Processes } from "@wanlian/network/processes/process.js";
import { parseTopology, readTopology, SCHEMA_FILE } from "@wanlian/network/topology/read.js";
import type { Words } from "@wanlian/protocol/language.js";
import { storyBegun } from "@wanlian/scripts/story/run.js";
import { expect } from "chai";
import { makeWorld, type World } from "./world.js";

const ROOT = new URL("../../../", import.meta.url);
const MSP_ID = "CivilMSP";

describe("both languages", () => {
  let world: World;
  let serving: RpcServer;
  let port: number;
  let identity: SigningIdentity;
  const connections = new Connections();

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    const organisation = world.organisations.get(MSP_ID);
    if (!organisation) throw new RangeError("the pilot has it");
    const folder = await organisation.addPeer("peer0", ["127.0.0.1"]);
    identity = await SigningIdentity.read(MSP_ID, join(folder, "msp"));
    const [cert = "", key = ""] = await Promise.all(
      ["cert.pem", "key.pem"].map((name) => readFile(join(folder, "tls", name), "utf8")),
    );
    serving = new RpcServer().bidi(Deliver.deliverFiltered, async (requests) => {
      for await (const _ of requests) break; // ends the stream without a block
    });
    port = await serving.listen("127.0.0.1:0", serverCredentials({ cert, key }));
  });

  after(async () => {
    connections.close();
    await serving.close();
    await world.remove();
  });

  function peerAt(at: number): PeerClient {
    const tlsRoots = [world.organisations.get(MSP_ID)?.tls.certificate ?? ""];
    return new PeerClient(
      { mspId: MSP_ID, name: "peer0", address: `127.0.0.1:${at}`, tlsRoots },
      connections,
      identity,
    );
  }

  const follow = (peer: PeerClient) => followUntil(peer, "pilot", 0n, () => undefined, 10_000);

  /** How each kind of error comes about. */
  const failures: Readonly<Record<NetworkErrorCode, () => unknown>> = {
    INVALID_TOPOLOGY: () => parseTopology("version: 2", "topology.yaml"),
    INVALID_CERTIFICATE: () => readRequest("nonsense"),
    INVALID_CONFIGURATION: () => parseUpdateFile("{}", "pilot"),
    MISSING_FILE: () => readTopology(join(world.directory, "none.yaml")),
    UNUSABLE_DIRECTORY: () => {
      const file = join(world.directory, "lock");
      takeLock(file, { zh: "启动", en: "Starting" });
      takeLock(file, { zh: "启动", en: "Starting" });
    },
    DAMAGED: () => {
      throw damaged(world.directory, 3n);
    },
    ALREADY_DONE: () => {
      throw storyBegun("CivilMSP/lists");
    },
    PORT_IN_USE: () => expectFree([{ address: `127.0.0.1:${port}`, owner: { zh: "对等节点", en: "the peer" } }]),
    DISK_FULL: () => expectSpace(world.directory, 2 ** 62),
    PROCESS_FAILED: () =>
      new Processes(world.directory).start({
        name: "short",
        title: { zh: "短命的进程", en: "short-lived process" },
        command: process.execPath,
        args: ["-e", "process.exit(3)"],
        listens: [],
        ready: "line",
      }),
    UNREACHABLE: () => follow(peerAt(1)),
    REFUSED: () => peerAt(port).channels(),
    TIMEOUT: () => follow(peerAt(port)),
    NO_FABRIC: () => findBinaries(undefined, "raft"),
  };
  for (const [code, fail] of Object.entries(failures))
    it(`${code} is told in both`, async () => {
      const error = await failureOf(fail);
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(error.text.en);
      expectBoth(error.text);
    });

  const who = { mspId: MSP_ID, name: "peer0" };
  const reason = { zh: "没有应答", en: "it does not answer" };
  const complaints: Readonly<Record<Complaint["kind"], Complaint>> = {
    "orderer silent": { kind: "orderer silent", ...who, reason },
    "orderer not active": { kind: "orderer not active", ...who, status: undefined },
    "peer silent": { kind: "peer silent", ...who, reason },
    "contracts not approved": { kind: "contracts not approved", mspId: MSP_ID },
    "contracts silent": { kind: "contracts silent", ...who, reason: { zh: "没有应答", en: "no answer" } },
    "peer stands still": { kind: "peer stands still", ...who, height: 8n, highest: 9n },
    "peers unseen": { kind: "peers unseen", ...who, sees: 1, of: 3 },
    "peers disagree": { kind: "peers disagree", block: 7n, camps: [[MSP_ID], ["BureauMSP", "PoliceMSP"]] },
    "peer behind": { kind: "peer behind", ...who, height: 1n, highest: 90n },
    "certificate ending": {
      kind: "certificate ending",
      certificate: { mspId: MSP_ID, holder: "peers/peer0", use: "tls", notAfter: new Date("2027-01-01") },
      days: 3,
    },
  };
  for (const complaint of Object.values(complaints))
    it(`the complaint "${complaint.kind}" and its remedy are told in both`, () => {
      const { what, remedy } = describeComplaint(complaint);
      expectBoth(what);
      expectBoth(remedy);
    });

  it("a status with everything wrong is lines of one language", () => {
    const status = {
      channel: "pilot",
      comparedAt: 7n,
      orderers: [{ mspId: "OrdererMSP", name: "orderer0", address: "127.0.0.1:17001", channel: { kind: "withheld" } }],
      peers: [
        {
          ...who,
          address: "127.0.0.1:17111",
          ledger: { kind: "answer", value: { height: 8n, blockHash: "ab".repeat(32), commitHash: "cd".repeat(32) } },
          contracts: { kind: "answer", value: undefined },
          process: { kind: "failed", reason: { zh: "没有应答", en: "no answer" } },
          standsStill: false,
          sees: { kind: "failed", reason },
        },
      ],
      certificates: [{ mspId: MSP_ID, holder: "peers/peer0", use: "identity", notAfter: new Date("2027-01-01") }],
      complaints: Object.values(complaints),
    } as const;
    for (const [index, zh] of statusLines(status, "zh").entries())
      expectBoth({ zh, en: statusLines(status, "en")[index] ?? "" });
  });

  it("every text in the sources is Chinese in Chinese and English in English", async () => {
    let count = 0;
    for (const folder of ["network", "scripts", "protocol", "client"])
      for (const file of await sourcesIn(folder))
        for (const [, language = "", , text = ""] of (await readFile(file, "utf8")).matchAll(TEXTS)) {
          const words = text.replaceAll(INSERTED, "");
          if (!/\p{L}{2}/u.test(words)) continue; // names alone
          count += 1;
          if (language === "zh") expect(words, file).to.match(HAN);
          // An English sentence may quote a Chinese word.
          else expect(lettersOf(words, LATIN), `${file}: ${words}`).to.be.greaterThan(lettersOf(words, HAN));
        }
    expect(count).to.be.greaterThan(400);
  });

  it("the topology's schema describes in both what it allows", async () => {
    const schema: unknown = JSON.parse(await readFile(SCHEMA_FILE, "utf8"));
    const described = descriptionsIn(schema);
    expect(described).to.have.length.greaterThan(25);
    // The English ones may quote a Chinese example.
    for (const { zh, en } of described) expect(zh, en).to.match(HAN);
  });

  for (const [guide, language] of [
    ["administrators.md", "en"],
    ["administrators.zh-CN.md", "zh"],
  ] as const)
    it(`${guide} explains messages as they are printed`, async () => {
      const files = await Promise.all(["network", "scripts"].map(sourcesIn));
      const sources = await Promise.all(files.flat().map((file) => readFile(file, "utf8")));
      const said = sources
        .flatMap((source) => [...source.matchAll(TEXTS)])
        .filter(([, of]) => of === language)
        .map(([, , , text = ""]) => text.replaceAll(INSERTED, INSERTION));
      const messages = explainedIn(await readFile(new URL(`docs/${guide}`, ROOT), "utf8"));
      expect(messages).to.have.length.greaterThan(10);
      for (const message of messages)
        for (const part of message.split(/…| N\b/).map((piece) => piece.trim()))
          expect(
            said.some((text) => text.includes(part)),
            `${message}: "${part}"`,
          ).to.equal(true);
    });
});

/** The first column of the guide's last table. */
function explainedIn(guide: string): string[] {
  const [table = ""] = guide.match(/(?:^\|.*\n)+/gm)?.slice(-1) ?? [];
  return [...table.matchAll(/^\| (.*?) \|/gm)].slice(2).map(([, message = ""]) => message);
}

/** Stands for what a template inserts. */
const INSERTION = "\u0000";
const HAN = /\p{Script=Han}/u;
const LATIN = /\p{Script=Latin}/u;
/** `zh: "…"`, likewise with en and with templates. */
const TEXTS = /\b(zh|en): (["'`])((?:(?!\2)[^\\]|\\.)*)\2/g;
// What is put in: by the source itself, or by i18next.
const INSERTED = /\$\{[^}]*\}|\{\{[^}]*\}\}/g;
/** Words that an English sentence has and no name, option or example. */
const ENGLISH = /\b(the|is|are|has|not|cannot|does|of|it|on)\b/;

function expectBoth({ zh, en }: Words): void {
  expect(zh).to.match(HAN);
  // What the system or another program says is quoted as it is: after the colon.
  expect(zh.split("：")[0]).not.to.match(ENGLISH);
  expect(en).not.to.match(HAN);
}

function lettersOf(text: string, script: RegExp): number {
  return [...text].filter((character) => script.test(character)).length;
}

/** The descriptions of a JSON schema and of all that it is made of. */
function descriptionsIn(schema: unknown): Words[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { description, descriptionZh, ...parts }: Record<string, unknown> = { ...schema };
  const own = typeof description === "string" ? [{ zh: String(descriptionZh), en: description }] : [];
  return [...own, ...Object.values(parts).flatMap(descriptionsIn)];
}

async function failureOf(fail: () => unknown): Promise<NetworkError> {
  try {
    await fail();
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

async function sourcesIn(folder: string): Promise<string[]> {
  const directory = fileURLToPath(new URL(`${folder}/`, ROOT));
  const names = await readdir(directory, { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts") && !/^(dist|node_modules)\//.test(name))
    .map((name) => join(directory, name));
}
