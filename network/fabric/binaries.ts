import { spawnSync } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../error.js";
import type { Consensus } from "../topology/topology.js";

/** Fabric's programs, as its releases ship them. */
export interface FabricBinaries {
  readonly peer: string;
  readonly orderer: string;
  /** The external builder for chaincode as a service. */
  readonly builder: string;
  /** 3.1.5 for example; what a build of one's own says of itself, `latest` for example. */
  readonly version: string;
}

const RELEASES = "https://github.com/hyperledger/fabric/releases";
const NEEDED: Words = {
  zh: `请将 FABRIC_BIN 设为 Hyperledger Fabric 2.5 或 3.1 官方发布包解压后的 bin/ 目录（其旁须有 builders/ccaas）。发布包见 ${RELEASES}。`,
  en: `Set FABRIC_BIN to the folder bin/ of an official release of Hyperledger Fabric, 2.5 or 3.1, unpacked (its builders/ccaas beside it). The releases are at ${RELEASES}.`,
};

/**
 * Finds Fabric's programs by FABRIC_BIN. Throws `NO_FABRIC` with what is needed where they are not there, or are too old for the
 * consensus.
 */
export async function findBinaries(folder: string | undefined, consensus: Consensus): Promise<FabricBinaries> {
  if (!folder)
    throw noFabric({
      zh: `网络 "${consensus}" 运行在真实 Fabric 上。`,
      en: `The network "${consensus}" runs on real Fabric.`,
    });
  const bin = resolve(folder);
  const peer = await program(join(bin, "peer"));
  const orderer = await program(join(bin, "orderer"));
  const builder = await builderBeside(bin);
  const version = versionOf(peer);
  if (!supports(version, consensus))
    throw noFabric({
      zh: `网络 "bft" 需要 Fabric 3.1；${peer} 的版本是 ${version}。`,
      en: `The network "bft" needs Fabric 3.1; ${peer} is ${version}.`,
    });
  return { peer, orderer, builder, version };
}

/** BFT came with Fabric 3. A build of one's own that says no number is taken at its word. */
export function supports(version: string, consensus: Consensus): boolean {
  return consensus !== "bft" || !version.startsWith("2.");
}

/** Releases ship it beside bin/; without it a peer takes no contracts that run as a service. */
async function builderBeside(bin: string): Promise<string> {
  const folder = join(dirname(bin), "builders", "ccaas");
  const file = join(folder, "bin", "detect");
  try {
    await access(file, constants.X_OK);
    return folder;
  } catch (cause) {
    throw noFabric(
      {
        zh: `${bin} 中有 Fabric 程序，但其旁缺少链码即服务构建器 ${file}。`,
        en: `${bin} has Fabric's programs, but the builder for chaincode as a service is not beside it: ${file}.`,
      },
      { file },
      cause,
    );
  }
}

async function program(file: string): Promise<string> {
  try {
    await access(file, constants.X_OK);
    return file;
  } catch (cause) {
    throw noFabric({ zh: `FABRIC_BIN 中缺少 ${file}。`, en: `FABRIC_BIN lacks ${file}.` }, { file }, cause);
  }
}

function versionOf(peer: string): string {
  const { stdout, error } = spawnSync(peer, ["version"], { encoding: "utf8" });
  const version = /^\s*Version:\s*v?(\S+)/m.exec(stdout ?? "")?.[1];
  if (error || !version)
    throw noFabric(
      {
        zh: `${peer} 在本机无法运行：${error?.message ?? "它不报告版本"}。`,
        en: `${peer} does not run here: ${error?.message ?? "it does not say its version"}.`,
      },
      { file: peer },
      error,
    );
  return version;
}

/** What is wrong, and what is needed. */
function noFabric(what: Words, details: Readonly<Record<string, unknown>> = {}, cause?: unknown): NetworkError {
  return new NetworkError(
    "NO_FABRIC",
    { zh: `${what.zh}${NEEDED.zh}`, en: `${what.en} ${NEEDED.en}` },
    { details, cause },
  );
}
