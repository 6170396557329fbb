import { createHash } from "node:crypto";
import type { Words } from "@wanlian/protocol/language.js";
import {
  AnchorPeers,
  BatchSize,
  BatchTimeout,
  type ConfigGroup,
  type ConfigPolicy,
  type ConfigValue,
  OrdererAddresses,
} from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  type Policy,
  PolicyType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import { X509Crl } from "../certificates/x509.js";
import { describeConsenters } from "./describe-consenters.js";
import { fingerprint } from "./fingerprint.js";
import type { Change } from "./inspection.js";
import { POLICY } from "./policies.js";
import { principalsOf } from "./principals.js";

/** Says in plain words what a change does. What none of our commands makes begins with "UNUSUAL", and so does what cannot be read. */
export function describeChange(change: Change): Words {
  try {
    return describeReadable(change);
  } catch {
    // Whoever made the update may have written anything.
    const where = "name" in change ? `${change.path}/${change.name}` : change.path;
    return {
      en: `UNUSUAL: ${where} becomes what no peer and no orderer can read. Do not sign it.`,
      zh: `异常：${where} 变为任何节点都无法读取的内容。请勿签名。`,
    };
  }
}

function describeReadable(change: Change): Words {
  switch (change.kind) {
    case "group added":
      return describeNewcomer(change.name, change.group, change.path);
    case "group removed":
      return {
        en: `${change.name} leaves (${change.path}); what it wrote stays on the ledger.`,
        zh: `${change.name} 退出（${change.path}）；其已上链的内容保留不变。`,
      };
    case "value":
      return describeValue(change);
    case "policy":
      return describePolicy(change);
    case "change rule":
      return {
        en: `UNUSUAL: ${change.path} is changed by "${change.after}" from now on, no longer by "${change.before}".`,
        zh: `异常：${change.path} 今后由 "${change.after}" 修改，不再由 "${change.before}" 修改。`,
      };
  }
}

function describeNewcomer(name: string, group: ConfigGroup, path: string): Words {
  const msp = fabricMsp(group.values.get("MSP"));
  const roots = msp?.rootCerts.map(fingerprint).join(", ");
  const orderers = group.values.get("Endpoints");
  const places = orderers
    ? { en: `orderers at ${endpoints(orderers)}`, zh: `排序节点地址 ${endpoints(orderers)}` }
    : {
        en: `peers at ${anchorPeers(group.values.get("AnchorPeers"))}`,
        zh: `节点地址 ${anchorPeers(group.values.get("AnchorPeers"))}`,
      };
  return {
    en: `${name} joins (${path}); MSP ${msp?.name ?? "none"}; root certificate ${roots ?? "none"}; ${places.en}.`,
    zh: `${name} 加入（${path}）；MSP 为 ${msp?.name ?? "无"}；根证书 ${roots ?? "无"}；${places.zh}。`,
  };
}

function describeValue(change: Change & { kind: "value" }): Words {
  const { path, name, before, after } = change;
  if (before && after) {
    switch (name) {
      case "BatchSize": {
        const [old, now] = [BatchSize.decode(before.value), BatchSize.decode(after.value)].map(
          (size) => `${size.maxMessageCount} / ${size.preferredMaxBytes} B / ${size.absoluteMaxBytes} B`,
        );
        return {
          en: `A block holds at most (transactions / preferred / absolute size) ${now} instead of ${old}.`,
          zh: `每个区块上限（交易数 / 首选大小 / 绝对大小）由 ${old} 改为 ${now}。`,
        };
      }
      case "BatchTimeout": {
        const [old, now] = [before, after].map(({ value }) => BatchTimeout.decode(value).timeout);
        return {
          en: `A transaction waits for a block at most ${now} instead of ${old}.`,
          zh: `交易等待出块的最长时间由 ${old} 改为 ${now}。`,
        };
      }
      case "MSP":
        return describeMsp(path, before, after);
      case "AnchorPeers":
        return {
          en: `The peers of ${path} are at ${anchorPeers(after)} instead of ${anchorPeers(before)}.`,
          zh: `${path} 的节点地址由 ${anchorPeers(before)} 改为 ${anchorPeers(after)}。`,
        };
      case "Endpoints": {
        const [old, now] = [before, after].map(endpoints);
        return {
          en: `The orderers of ${path} are at ${now} instead of ${old}.`,
          zh: `${path} 的排序节点地址由 ${old} 改为 ${now}。`,
        };
      }
      case "ConsensusType":
      case "Orderers": {
        const consenters = describeConsenters(name, before.value, after.value);
        if (consenters) return consenters;
      }
    }
  }
  return {
    en: `UNUSUAL: ${path}/${name} changes from ${digest(before?.value) ?? "nothing"} to ${digest(after?.value) ?? "nothing"} (digests; no words for it).`,
    zh: `异常：${path}/${name} 由 ${digest(before?.value) ?? "无"} 变为 ${digest(after?.value) ?? "无"}（摘要；无法用文字说明）。`,
  };
}

function describeMsp(path: string, before: ConfigValue, after: ConfigValue): Words {
  const [old, now] = [fabricMsp(before), fabricMsp(after)];
  if (!old || !now) return describeDigests(path, before, after);
  const rest = (msp: FabricMSPConfig) => FabricMSPConfig.encode({ ...msp, revocationList: [] });
  if (Buffer.compare(rest(old), rest(now)) !== 0) return describeDigests(path, before, after);
  const revoked = revokedSerials(now);
  return {
    en: `${path} revokes ${revoked.length} certificates: ${revoked.join(", ") || "none"} (before: ${revokedSerials(old).length}).`,
    zh: `${path} 吊销 ${revoked.length} 张证书：${revoked.join("、") || "无"}（此前 ${revokedSerials(old).length} 张）。`,
  };
}

function describeDigests(path: string, before: ConfigValue, after: ConfigValue): Words {
  const roots = fabricMsp(after)?.rootCerts.map(fingerprint).join(", ");
  return {
    en: `UNUSUAL: who belongs to ${path} is defined anew (${digest(before.value)} → ${digest(after.value)}); root certificate ${roots ?? "none"}.`,
    zh: `异常：${path} 的成员定义改变（${digest(before.value)} → ${digest(after.value)}）；根证书 ${roots ?? "无"}。`,
  };
}

function describePolicy({ path, name, before, after }: Change & { kind: "policy" }): Words {
  const [old, now] = [policyInWords(before?.policy), policyInWords(after?.policy)];
  if (path === "/Channel/Application" && name === POLICY.records)
    return {
      en: `An act needs the peers of ${now.en} instead of ${old.en}.`,
      zh: `一项行为需要 ${now.zh}的节点背书，此前为 ${old.zh}。`,
    };
  if (path === "/Channel/Orderer" && name === POLICY.blockValidation && ofHolders(before) && ofHolders(after))
    return {
      en: `A block needs the signatures of ${now.en} instead of ${old.en}.`,
      zh: `一个区块需要 ${now.zh}的签名，此前为 ${old.zh}。`,
    };
  return {
    en: `UNUSUAL: the policy ${path}/${name} becomes ${now.en} instead of ${old.en}.`,
    zh: `异常：策略 ${path}/${name} 由 ${old.zh} 改为 ${now.zh}。`,
  };
}

/** Whether it names holders of certificates one by one, as BFT's rule of what blocks are valid does. */
function ofHolders(member: ConfigPolicy | undefined): boolean {
  if (member?.policy?.type !== PolicyType.SIGNATURE) return false;
  const { identities } = SignaturePolicyEnvelope.decode(member.policy.value);
  return identities.every(({ principalClassification }) => principalClassification === Classification.IDENTITY);
}

function policyInWords(policy: Policy | undefined): Words {
  if (!policy) return { en: "nothing", zh: "无" };
  const unread = digest(policy.value) ?? "-";
  if (policy.type !== PolicyType.SIGNATURE) return { en: unread, zh: unread };
  const envelope = SignaturePolicyEnvelope.decode(policy.value);
  const n = envelope.rule?.nOutOf?.n ?? 0;
  const flat = envelope.rule?.nOutOf?.rules.every((rule) => rule.signedBy !== undefined) ?? false;
  if (!flat) return { en: unread, zh: unread };
  const who = principalsOf(envelope);
  return { en: `${n} of ${who.length} (${who.join(", ")})`, zh: `${who.length} 个中的 ${n} 个（${who.join("、")}）` };
}

function revokedSerials(msp: FabricMSPConfig): string[] {
  return msp.revocationList.flatMap((list) =>
    new X509Crl(Buffer.from(list).toString("utf8")).entries.map((entry) => entry.serialNumber),
  );
}

function fabricMsp(value: ConfigValue | undefined): FabricMSPConfig | undefined {
  return value && FabricMSPConfig.decode(MSPConfig.decode(value.value).config);
}

const endpoints = ({ value }: ConfigValue): string => OrdererAddresses.decode(value).addresses.join(", ");

function anchorPeers(value: ConfigValue | undefined): string {
  const peers = value ? AnchorPeers.decode(value.value).anchorPeers : [];
  return peers.map(({ host, port }) => `${host}:${port}`).join(", ") || "-";
}

function digest(value: Uint8Array | undefined): string | undefined {
  return value ? createHash("sha256").update(value).digest("hex").slice(0, 16) : undefined;
}
