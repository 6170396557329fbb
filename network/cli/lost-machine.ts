import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { keptFirstBlock } from "../administration/first-block.js";
import { readLedger, writeLedger } from "../administration/ledger-file.js";
import { rebuildChain } from "../embedded/orderer/rebuild-chain.js";
import { NetworkError } from "../error.js";
import { backUpMachine, restoreMachine } from "../machine/backup.js";
import { layout } from "../machine/layout.js";
import type { CommandGroup } from "./command-group.js";
import { organisationIn } from "./organisation.js";

/** The node's own programs: what a node keeps is known to them alone. */
const AT_THE_NODE = fileURLToPath(new URL("../../../client/bin/wanlian.js", import.meta.url));

/** `backup MSPID --to FOLDER`: what of an organisation's machine cannot be made again. */
export const backupCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("backup <mspid>")
    .description(
      t({
        zh: "备份一个机构本机上无法重做的全部内容：拓扑、证书和密钥、部门节点；运行中或停止时均可",
        en: "back up all of an organisation's machine that cannot be made again: topology, certificates and keys, its node; while it runs or not",
      }),
    )
    .requiredOption("--to <folder>", t({ zh: "尚不存在的文件夹", en: "a folder that is not there yet" }))
    .action(async (mspId: string, { to }: { to: string }) => {
      const { out, base, topology, topologyFile, language } = surroundings();
      const described = await topology();
      organisationIn(described, mspId);
      const machine = { base, topologyFile, topology: described, mspId };
      const { files } = await backUpMachine(machine, resolve(to), (configuration, folder) =>
        nodeProgram(["backup", configuration, "--to", folder, "--lang", language]),
      );
      const count = Object.keys(files).length;
      const node = existsSync(join(to, "node"));
      const done = {
        zh: `已备份 ${count} 个文件${node ? "和部门节点" : ""}到 ${to}。其中有私钥，请妥善保管。`,
        en: `${count} files${node ? " and the node" : ""} are in ${to}. There are private keys among them: keep it as you keep those.`,
      };
      out.write(`${t(done)}\n`);
    });
};

/** `restore FOLDER`: puts a machine back onto an empty one. */
export const restoreCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("restore <folder>")
    .description(
      t({
        zh: "把备份恢复到空机器上拓扑文件所在的目录；随后 configure、启动、apply",
        en: "put a backup onto an empty machine, into the topology's folder; then configure, start, apply",
      }),
    )
    .action(async (folder: string) => {
      const { out, base, language } = surroundings();
      const { mspId, taken } = await restoreMachine(resolve(folder), base, (from, configuration) =>
        nodeProgram(["restore", from, configuration, "--lang", language]),
      );
      const done = {
        zh: `已恢复 ${mspId} 在 ${taken} 的备份。接着 configure ${mspId}，启动各进程，再运行 apply：对等节点和排序节点从其他各方取回区块。`,
        en: `${mspId} is restored as of ${taken}. Now configure ${mspId}, start what runs there, and apply: peers and orderers fetch the blocks from the others.`,
      };
      out.write(`${t(done)}\n`);
    });
};

/** `blocks FILE`: a department's copy of the ledger, for an ordering service that has lost its own. */
export const blocksCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("blocks <file>")
    .description(
      t({
        zh: "把本部门对等节点的全部区块写入文件，供丢失了区块的排序服务重建",
        en: "write all blocks of the own peer into a file, for an ordering service that has lost its own",
      }),
    )
    .option(
      "--without <mspids...>",
      t({ zh: "对等节点已丢失、将从空目录重来的部门", en: "departments whose peers are lost and will begin anew" }),
      [],
    )
    .action(async (file: string, { without }: { without: string[] }) => {
      const { out, withNetwork } = surroundings();
      const height = await withNetwork((network) => writeLedger(network, file, without));
      const done = {
        zh: `${file} 中有 ${height} 个区块，即各部门对等节点所有的全部区块。`,
        en: `${file} holds ${height} blocks: what any department's peer has.`,
      };
      out.write(`${t(done)}\n`);
    });
};

/** `rebuild ORDERER FILE`: the embedded orderer's chain from a department's copy. */
export const rebuildCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("rebuild <orderer> <file>")
    .description(
      t({
        zh: "内嵌网络：用部门导出的区块重建丢失了区块的排序节点；须先停止它",
        en: "embedded network: make the chain of an orderer that has lost it from a department's blocks; it must be stopped",
      }),
    )
    .action(async (name: string, file: string) => {
      const { out, base, topology } = surroundings();
      const { consensus, channel, orderers } = await topology();
      const place = orderers.nodes.find((node) => node.name === name);
      if (place === undefined || consensus !== "embedded") throw notRebuilt(name);
      const begins = await keptFirstBlock(base, channel);
      const dataDir = join(layout.orderer(base, name), "data");
      const height = await rebuildChain(dataDir, channel, readLedger(file), begins);
      const done = {
        zh: `${name} 有 ${height} 个区块，与部门的一致；请启动它。`,
        en: `${name} has ${height} blocks, those of the department; start it.`,
      };
      out.write(`${t(done)}\n`);
    });
};

function notRebuilt(name: string): NetworkError {
  const text = {
    zh: `${name} 不是内嵌网络的排序节点：Raft 和 BFT 的排序节点从其余排序节点取回区块，请启动后运行 apply。`,
    en: `${name} is no orderer of the embedded network: those of Raft and BFT fetch their blocks from the others; start it and apply.`,
  };
  return new NetworkError("INVALID_TOPOLOGY", text, { details: { name } });
}

async function nodeProgram(words: readonly string[]): Promise<void> {
  const said: Buffer[] = [];
  const child = spawn(process.execPath, ["--enable-source-maps", AT_THE_NODE, ...words], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((done, failed) => child.on("error", failed).on("close", done));
  if (code === 0) return;
  const reason = Buffer.concat(said).toString("utf8").trim();
  throw new NetworkError("PROCESS_FAILED", { zh: reason, en: reason }, { details: { command: words[0] } });
}
