import { toHex } from "@wanlian/protocol/bytes.js";
import { followConfiguration, type VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { blockOf } from "../acts.js";
import type { ChannelFile } from "../evidence-file.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import type { EvidenceTrust } from "../trust.js";
import { VerifiedBefore } from "../verified-before.js";

const followed = new VerifiedBefore<EvidenceTrust, VerifiedConfiguration>();

/** From the genesis block that the verifier knows, each configuration follows by the one before. */
export async function stepConfiguration(file: ChannelFile, trust: EvidenceTrust): Promise<Done<VerifiedConfiguration>> {
  if (file.chaincode !== trust.chaincode)
    throw refuted(`文件属于另一套合约：${file.chaincode}`, `the file is of contracts "${file.chaincode}"`);
  if (file.channel !== trust.channelId)
    throw refuted(`文件属于另一通道：${file.channel}`, `the file is of channel ${file.channel}`);
  const blocks = file.configuration.map((number) => blockOf(file, number));
  const from = file.configuration.map((number) => `${number} ${file.blocks[String(number)]}`);
  const value = await followed.find(trust, from, () => followConfiguration(blocks, trust));
  return {
    value,
    fact: { channel: file.channel, genesis: toHex(value.genesisHash) },
    text: {
      zh: `通道配置自首个区块起历次变更（共${blocks.length}次）均有效，首个区块与根证书和自存的一致`,
      en: `valid at each of its ${blocks.length} changes, from the first block that you keep; the roots are those you keep`,
    },
  };
}
