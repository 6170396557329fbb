import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkError } from "@wanlian/network/error.js";
import { eraseDepartment } from "@wanlian/network/topology/edit.js";
import { PILOT_DEPARTMENTS, pilotTopology } from "@wanlian/network/topology/pilot.js";
import { parseTopology, readTopology } from "@wanlian/network/topology/read.js";
import type { Words } from "@wanlian/protocol/language.js";
import { expect } from "chai";

const sound = pilotTopology({ departments: 3, consensus: "embedded" });
const lines = sound.split("\n");

/** The number of the first line that contains `text`. */
const lineWith = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;

describe("topology", () => {
  for (const departments of [3, 6, 12])
    for (const consensus of ["embedded", "raft", "bft"] as const)
      it(`the pilot's own for ${departments} departments on ${consensus} is sound`, async () => {
        const topology = await parseTopology(pilotTopology({ departments, consensus }), "pilot.yaml");
        expect(topology.departments).to.have.length(departments);
        expect(topology.endorsements).to.equal(Math.min(5, Math.floor(departments / 2) + 1));
        expect(topology.orderers.nodes).to.have.length({ embedded: 1, raft: 3, bft: 4 }[consensus]);
      });

  it("a pilot without the Gateway service is sound: no peer has it, every node does without", async () => {
    const text = pilotTopology({ departments: 3, consensus: "raft", connector: "fabric-network" });
    const { departments } = await parseTopology(text, "pilot.yaml");
    expect(departments.map(({ peers: [peer], node }) => [peer.gateway, node?.connector])).to.deep.equal(
      Array.from({ length: 3 }, () => ["off", "fabric-network"]),
    );
  });

  it("knows twelve departments, each once", () => {
    expect(new Set(PILOT_DEPARTMENTS.map((department) => department.mspId)).size).to.equal(12);
  });

  const faults: [string, string, string, string, string][] = [
    [
      "an unknown consensus",
      "consensus: embedded",
      "consensus: solo",
      "consensus",
      "must be one of embedded, raft, bft",
    ],
    [
      "an unknown field",
      "channel: pilot",
      "chanel: pilot",
      "chanel",
      "is not known here; allowed are version, channel",
    ],
    [
      "a port out of range",
      "127.0.0.1:17101",
      "127.0.0.1:71701",
      "departments[0].peers[0].address",
      "ports go from 1 to",
    ],
    [
      "an address twice",
      "127.0.0.1:17112",
      "127.0.0.1:17101",
      "departments[1].peers[0].contracts",
      "further up already",
    ],
    ["an MSP id twice", "mspId: PoliceMSP", "mspId: CivilMSP", "departments[2].mspId", "further up already"],
    ["a malformed address", "127.0.0.1:17121", "localhost", "departments[2].peers[0].address", "it must be host:port"],
    ["no bureau", "    bureau: true\n", "", "departments", "one department must have bureau: true"],
    [
      "an orderer of nobody",
      "organisation: OrdererMSP",
      "organisation: X",
      "orderers.nodes[0].organisation",
      "one of Ord",
    ],
    [
      "too many endorsements",
      "channel: pilot",
      "channel: pilot\nendorsements: 9",
      "endorsements",
      "with 3 departments",
    ],
    [
      "a node that wants a service its peer lacks",
      "operations: 127.0.0.1:17105",
      "operations: 127.0.0.1:17105\n        gateway: off",
      "departments[0].node.connector",
      "it must be fabric-network",
    ],
    [
      "a second peer with contracts of its own",
      "operations: 127.0.0.1:17105",
      "operations: 127.0.0.1:17105\n      - name: peer1\n        address: 127.0.0.1:17106\n        contracts: 127.0.0.1:17107",
      "departments[0].peers[1].contracts",
      "share one contract process, so it must be 127.0.0.1:17102",
    ],
    ["BFT with one orderer", "consensus: embedded", "consensus: bft", "orderers.nodes", "needs at least 4"],
  ];
  for (const [name, from, to, field, allowed] of faults)
    it(`${name} is named with its line, field and what is allowed`, async () => {
      expect(sound).to.include(from);
      const { en: message, zh } = await refusal(sound.replace(from, to));
      const named = new RegExp(`line (\\d+): ${field.replace(/[[\]]/g, "\\$&")} `);
      expect(message).to.match(named);
      expect(message).to.include(allowed);
      if (field.endsWith("address")) expect(message).to.include(`line ${lineWith(from)}:`);
      const [, line] = named.exec(message) ?? [];
      expect(zh).to.include(`第 ${line} 行：${field} `);
      expect(zh).not.to.match(/\b(is|must|be|has|the)\b(?!:)/);
    });

  it("a file in another encoding is refused, read or edited: what a department is called gets onto the ledger", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wanlian-topology-"));
    const file = join(folder, "gbk.yaml");
    try {
      await writeFile(
        file,
        Buffer.concat([Buffer.from(sound), Buffer.from([0x23, 0x20, 0xc3, 0xf1, 0xd5, 0xfe, 0x0a])]),
      );
      for (const taken of [readTopology(file), eraseDepartment(file, "HealthMSP")]) {
        const error = (await taken.catch((reason: unknown) => reason)) as NetworkError;
        expect([error.code, error.message]).to.deep.equal([
          "INVALID_TOPOLOGY",
          `${file} is not UTF-8; save it as UTF-8.`,
        ]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("text that is not YAML is refused with the line", async () => {
    const { zh, en } = await refusal("version: 1\nchannel: [pilot\n");
    expect(en).to.match(/line [23]: the file is not YAML/);
    expect(zh).to.match(/第 [23] 行：文件 不是 YAML/);
  });
});

async function refusal(text: string): Promise<Words> {
  try {
    await parseTopology(text, "topology.yaml");
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    expect(error.code).to.equal("INVALID_TOPOLOGY");
    return error.text;
  }
  throw new Error("nothing was refused");
}
