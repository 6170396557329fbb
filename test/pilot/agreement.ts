import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { digestProjection, type ProjectionDigest } from "@wanlian/client/projection/digest.js";
import { headerHash, statedCommitHash, validationCodes } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import type { RunningPilot } from "./shared-pilot.js";

/** A block in which peers do not agree, with what each says of it. */
export interface Disagreement {
  readonly block: bigint;
  readonly seen: readonly string[];
}

/** Blocks of which not every peer has the same header hash and commit hash, from block 1 to the last that all have. */
export async function disagreements(pilot: RunningPilot): Promise<Disagreement[]> {
  const { channel } = pilot.topology;
  const heights = await Promise.all(pilot.mspIds.map(async (mspId) => (await pilot.peer(mspId).info(channel)).height));
  const [lowest = 0n] = heights.sort((a, b) => Number(a - b));
  const found: Disagreement[] = [];
  for (let block = 1n; block < lowest; block += 1n) {
    const seen = await Promise.all(pilot.mspIds.map((mspId) => hashesOf(pilot, mspId, block)));
    if (new Set(seen).size !== 1 || seen.some((hashes) => hashes.includes("undefined"))) found.push({ block, seen });
  }
  return found;
}

async function hashesOf(pilot: RunningPilot, mspId: string, number: bigint): Promise<string> {
  const { header, commitHash } = summaryOf(await pilot.peer(mspId).block(pilot.topology.channel, number));
  return `${header} ${commitHash}`;
}

/** What peers have to agree on of a block, hashes in hex; undefined where a block lacks them. */
export function summaryOf(block: Block) {
  const commitHash = statedCommitHash(block);
  return {
    header: block.header && toHex(headerHash(block.header)),
    codes: [...validationCodes(block)],
    commitHash: commitHash && toHex(commitHash),
  };
}

/** The digest of the projection of a node that is stopped. */
async function projectionDigest(pilot: RunningPilot, mspId: string): Promise<ProjectionDigest> {
  const directory = pilot.pilot.data.file("nodes", mspId, "data");
  const db = await openDatabase({ directory, url: undefined });
  return digestProjection(db).finally(() => db.destroy());
}

/** What `check-projection` says of a node: its projection's digest, and that of one made anew from block 0. */
export interface ProjectionCheck {
  readonly equal: boolean;
  readonly kept: ProjectionDigest;
  readonly rebuilt: ProjectionDigest;
}

const CHECK = fileURLToPath(import.meta.resolve("@wanlian/client/running/check-projection.js"));

/** Checks the projection of a node that is stopped. */
export async function checkProjection(pilot: RunningPilot, mspId: string): Promise<ProjectionCheck> {
  const configuration = pilot.pilot.data.file("nodes", mspId, "node.json");
  const child = spawn(process.execPath, ["--disable-warning=DEP0123", CHECK, configuration], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child, "close");
  return JSON.parse(output) as ProjectionCheck;
}

/** Of a pilot whose nodes are stopped: every projection equals every other of its height, and one's a new one from block 0. */
export async function expectSameProjections(pilot: RunningPilot, rebuiltAt: string): Promise<void> {
  const { kept, rebuilt } = await checkProjection(pilot, rebuiltAt);
  expect(kept).to.deep.equal(rebuilt);
  const digests = new Map<number, string>();
  for (const mspId of pilot.mspIds) {
    const { height, digest } = await projectionDigest(pilot, mspId);
    // A node that was stopped a moment later may have folded one block more.
    expect(digest, mspId).to.equal(digests.get(height) ?? digest);
    digests.set(height, digest);
  }
  expect(digests.size).to.be.lessThan(pilot.mspIds.length);
}
