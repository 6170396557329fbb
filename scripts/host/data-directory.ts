import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { NetworkError } from "@wanlian/network/error.js";
import { isNoSuchFile, writeWhole } from "@wanlian/network/processes/files.js";
import { takeLock } from "@wanlian/network/processes/lock.js";
import { type PilotOptions, pilotTopology } from "@wanlian/network/topology/pilot.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { Words } from "@wanlian/protocol/language.js";
import { connectorOf } from "./departments.js";

/** Says that a folder is a pilot's, and in which layout. */
const MARKER = "pilot.json";
const LAYOUT = 1;

/**
 * A pilot's data directory:
 *
 * ```
 * pilot.json topology.yaml   what this is
 * organizations/MSPID/       certificates and keys
 * genesis/                   block 0, and policy 1 of the contracts
 * orderers/ peers/ contracts/ nodes/   what each process owns
 * run/ logs/                 which processes run, and what they say
 * ```
 */
export class DataDirectory {
  private constructor(readonly path: string) {}

  /** The directory, which need not exist. */
  static at(path: string): DataDirectory {
    return new DataDirectory(resolve(path));
  }

  get topologyFile(): string {
    return join(this.path, "topology.yaml");
  }

  /** A path in the directory. */
  file(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** Whether there is a pilot in it. Throws `UNUSABLE_DIRECTORY` if there is something else. */
  async holdsPilot(): Promise<boolean> {
    const marker = await readIfThere(this.file(MARKER));
    if (marker !== undefined) {
      if (JSON.parse(marker).layout === LAYOUT) return true;
      throw new NetworkError(
        "UNUSABLE_DIRECTORY",
        {
          zh: `${this.path} 是由另一版本的试点建立的；请用那个版本，或换一个目录。`,
          en: `${this.path} was made by another version of the pilot; use that, or another folder.`,
        },
        { details: { folder: this.path } },
      );
    }
    const entries = await readdir(this.path).catch((error: unknown) => {
      if (isNoSuchFile(error)) return [];
      throw error;
    });
    const foreign = entries.filter((entry) => entry !== LOCK && !OWN_DRAFT.test(entry));
    if (foreign.length > 0) {
      const some = foreign.slice(0, 3).join(", ");
      throw new NetworkError(
        "UNUSABLE_DIRECTORY",
        {
          zh: `${this.path} 中有不属于试点的内容（${some}）；请用 --data DIR 另选目录。`,
          en: `${this.path} holds something that is no pilot's data (${some}); choose another folder with --data DIR.`,
        },
        { details: { folder: this.path } },
      );
    }
    return false;
  }

  /**
   * Begins a pilot in the directory, or finds the one that is there; `wanted` must be what it is, where it is given.
   * @param given a topology file to begin with in place of the pilot's own; one that cannot be used leaves nothing behind
   */
  async begin(wanted: Partial<PilotOptions>, standard: PilotOptions, given?: string): Promise<Topology> {
    const wish = given === undefined ? undefined : await readTopology(given);
    // The marker comes first: a folder that was begun and not gone on with is recognised and gone on with.
    if (!(await this.holdsPilot())) await writeWhole(this.file(MARKER), `${JSON.stringify({ layout: LAYOUT })}\n`);
    if ((await readIfThere(this.topologyFile)) === undefined)
      await writeWhole(
        this.topologyFile,
        given === undefined ? pilotTopology({ ...standard, ...wanted }) : await readFile(given, "utf8"),
      );
    const topology = await this.topology();
    if (given !== undefined && !isDeepStrictEqual(wish, topology)) throw otherTopology(this.path, given);
    expectSame("departments", wanted.departments, topology.departments.length);
    expectSame("network", wanted.consensus, topology.consensus);
    expectSame("connector", wanted.connector, connectorOf(topology));
    return topology;
  }

  topology(): Promise<Topology> {
    return readTopology(this.topologyFile);
  }

  /** Keeps other commands off the directory until the returned function is called. */
  async lock(occupation: Words): Promise<() => void> {
    await mkdir(this.path, { recursive: true });
    return takeLock(this.file(LOCK), occupation);
  }

  /** Removes everything, the directory included; nothing if there is none. */
  async remove(): Promise<void> {
    if (await this.holdsPilot()) await rm(this.path, { recursive: true, force: true });
  }
}

const LOCK = ".lock";
/** What is left of a marker whose writing was interrupted. */
const OWN_DRAFT = /^pilot\.json\..*\.draft$/;

function expectSame(what: string, wanted: string | number | undefined, present: string | number): void {
  if (wanted === undefined || wanted === present) return;
  throw new NetworkError(
    "UNUSABLE_DIRECTORY",
    {
      zh: `该目录中的试点是 --${what} ${present}，不是 ${wanted}；请先运行 "reset"，或用 --data DIR 另选目录。`,
      en: `The pilot in this folder has --${what} ${present}, not ${wanted}; run "reset" first, or choose another folder with --data DIR.`,
    },
    { details: { what, present, wanted } },
  );
}

function otherTopology(folder: string, given: string): NetworkError {
  return new NetworkError(
    "UNUSABLE_DIRECTORY",
    {
      zh: `${folder} 中的试点不是 ${given} 所写的；请先运行 "reset"，或用 --data DIR 另选目录。`,
      en: `The pilot in ${folder} is not the one that ${given} describes; run "reset" first, or choose another folder with --data DIR.`,
    },
    { details: { folder, given } },
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}
