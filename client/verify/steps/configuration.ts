import { toHex } from "@wanlian/protocol/bytes.js";
import { followConfiguration, type VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { blockOf } from "../acts.js";
import type { EvidenceFile } from "../evidence-file.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import type { EvidenceTrust } from "../trust.js";
import { VerifiedBefore } from "../verified-before.js";

const followed = new VerifiedBefore<EvidenceTrust, VerifiedConfiguration>();

/** From the genesis block that the verifier knows, each configuration follows by the one before. */
export async function stepConfiguration(
  bundle: EvidenceFile,
  trust: EvidenceTrust,
): Promise<Done<VerifiedConfiguration>> {
  if (bundle.chaincode !== trust.chaincode)
    throw refuted(`文件属于另一套合约：${bundle.chaincode}`, `the file is of contracts "${bundle.chaincode}"`);
  if (bundle.channel !== trust.channelId)
    throw refuted(`文件属于另一通道：${bundle.channel}`, `the file is of channel ${bundle.channel}`);
  const blocks = bundle.configuration.map((number) => blockOf(bundle, number));
  const from = bundle.configuration.map((number) => `${number} ${bundle.blocks[String(number)]}`);
  const value = await followed.find(trust, from, () => followConfiguration(blocks, trust));
  return {
    value,
    fact: { channel: bundle.channel, genesis: toHex(value.genesisHash) },
    text: {
      zh: `通道配置自首个区块起历次变更（共${blocks.length}次）均有效，首个区块与根证书和自存的一致`,
      en: `valid at each of its ${blocks.length} changes, from the first block that you keep; the roots are those you keep`,
    },
  };
}
