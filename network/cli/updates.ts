import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import type { Language } from "@wanlian/protocol/language.js";
import { ConfigGroup, ConfigUpdate } from "@wanlian/protocol/messages/configuration.js";
import { configurationInForce, informantOf } from "../administration/informant.js";
import type { Network } from "../administration/network.js";
import { submitUpdate } from "../administration/submit-update.js";
import { Organisation } from "../certificates/organisation.js";
import { approvalsFor, missingApprovals } from "../channel/approval.js";
import { setRevocationLists } from "../channel/changes.js";
import { describeChange } from "../channel/describe.js";
import { changesIn } from "../channel/inspection.js";
import { organisationFolder } from "../channel/material.js";
import {
  formatUpdateFile,
  parseUpdateFile,
  signersOf,
  signUpdate,
  type UpdateFile,
  updateFile,
} from "../channel/update-file.js";
import { NetworkError } from "../error.js";
import { writeWhole } from "../processes/files.js";
import type { Topology } from "../topology/topology.js";
import type { CommandGroup } from "./command-group.js";
import { organisationIn } from "./organisation.js";

/** `inspect FILE`: what an update does, in plain words, and whose signatures it has and needs. */
export const inspectCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("inspect <file>")
    .description(
      t({
        zh: "由更新本身算出并说明该配置更新做什么、谁已签名",
        en: "say in plain words what a configuration update does, from its own bytes, and who has signed it",
      }),
    )
    .action(async (path: string) => {
      const { out, language, topology, withNetwork } = surroundings();
      const file = await readUpdate(path, await topology());
      const lines = await withNetwork(async (network) => inspect(file, await configuration(network), language));
      out.write(`${lines.join("\n")}\n`);
    });
};

/** `sign FILE --as MSPID`: shows the update and adds the administrator's signature. */
export const signCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("sign <file>")
    .description(
      t({
        zh: "显示配置更新，并在文件中加上一名管理员的签名",
        en: "show a configuration update, and add an administrator's signature to the file",
      }),
    )
    .requiredOption(
      "--as <mspid>",
      t({ zh: "由哪个机构的管理员签名", en: "the organisation whose administrator signs" }),
    )
    .action(async (path: string, { as }: { as: string }) => {
      const { out, language, topology, withNetwork } = surroundings();
      const file = await readUpdate(path, await topology());
      await withNetwork(async (network) => {
        const current = await configuration(network);
        const signed = signUpdate(file, network.administrator(as).identity);
        await writeWhole(path, formatUpdateFile(signed));
        out.write(`${inspect(signed, current, language).join("\n")}\n`);
      });
    });
};

/** `submit FILE`: hands an update that enough have signed to the orderers. */
export const submitCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("submit <file>")
    .description(t({ zh: "把配置更新提交给排序节点", en: "hand a configuration update to the orderers" }))
    .action(async (path: string) => {
      const { out, topology, withNetwork } = surroundings();
      const file = await readUpdate(path, await topology());
      const { block } = await withNetwork(async (network) => submitUpdate(network, file, await informantOf(network)));
      out.write(`${t({ zh: `更新已记入区块 ${block}。`, en: `The update stands in block ${block}.` })}\n`);
    });
};

/** `revoke MSPID NAME…`: whoever has these certificates is nobody from the next block on. */
export const revokeCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("revoke <mspid> <names...>")
    .description(
      t({
        zh: "吊销该机构签发给这些人员或节点的全部证书",
        en: "revoke every certificate that the organisation has issued to these officers or nodes",
      }),
    )
    .action(async (mspId: string, names: string[]) => {
      const { out, withNetwork } = surroundings();
      const revoked = await withNetwork((network) => revoke(network, mspId, names));
      const done =
        revoked === undefined
          ? {
              zh: `${mspId} 的 ${names.join("、")} 早已吊销，没有改动。`,
              en: `${names.join(", ")} of ${mspId} had been revoked before; nothing changes.`,
            }
          : {
              zh: `自区块 ${revoked.block} 起吊销：${mspId} 的 ${names.join("、")}。`,
              en: `Revoked as of block ${revoked.block}: ${names.join(", ")} of ${mspId}.`,
            };
      out.write(`${t(done)}\n`);
    });
};

/**
 * Puts a revocation list with everything revoked so far, and these, into the channel's configuration. Undefined where that
 * holds it already.
 */
async function revoke(
  network: Network,
  mspId: string,
  names: readonly string[],
): Promise<{ readonly block: bigint } | undefined> {
  const folder = organisationFolder(network.base, organisationIn(network.topology, mspId));
  const organisation = await Organisation.open(folder, mspId);
  const lists = await organisation.revoke(names);
  const informant = await informantOf(network);
  const current = await configurationInForce(informant);
  const wanted = setRevocationLists(current, mspId, lists);
  if (equalBytes(ConfigGroup.encode(current), ConfigGroup.encode(wanted))) return undefined;
  const update = computeUpdate(network.channel, current, wanted);
  const file = signUpdate(updateFile(update), network.administrator(mspId).identity);
  return submitUpdate(network, file, informant);
}

async function configuration(network: Network): Promise<ConfigGroup> {
  return configurationInForce(await informantOf(network));
}

/** What the update does and who has to sign it, as lines. */
function inspect(file: UpdateFile, current: ConfigGroup, language: Language): string[] {
  const changes = changesIn(current, ConfigUpdate.decode(file.update));
  const signers = signersOf(file);
  const missing = missingApprovals(approvalsFor(current, changes), signers);
  const words = {
    zh: {
      signed: (by: readonly string[]) => `已签名：${by.join("、") || "无"}`,
      missing: (n: number, of: readonly string[]) => `还需 ${of.join("、")} 中 ${n} 个签名`,
      enough: "签名已足够。",
    },
    en: {
      signed: (by: readonly string[]) => `Signed by: ${by.join(", ") || "nobody"}`,
      missing: (n: number, of: readonly string[]) => `Still needed: ${n} of ${of.join(", ")}`,
      enough: "That is enough.",
    },
  }[language];
  return [
    ...changes.map((change) => `- ${describeChange(change)[language]}`),
    words.signed(signers),
    ...(missing.length === 0
      ? [words.enough]
      : missing.map(({ needed, organisations }) => words.missing(needed, organisations))),
  ];
}

async function readUpdate(path: string, { channel }: Topology): Promise<UpdateFile> {
  try {
    return parseUpdateFile(await readFile(join(path), "utf8"), channel);
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause;
    const text = { zh: `无法读取文件 ${path}。`, en: `The file ${path} cannot be read.` };
    throw new NetworkError("MISSING_FILE", text, { details: { path }, cause });
  }
}
