import { createHash } from "node:crypto";
import type { Words } from "@wanlian/protocol/language.js";
import {
  AnchorPeers,
  BatchSize,
  BatchTimeout,
  type ConfigGroup,
  type ConfigValue,
  OrdererAddresses,
} from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { type Policy, PolicyType, SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { X509Certificate, X509Crl } from "../certificates/x509.js";
import type { Change } from "./inspection.js";
import { POLICY } from "./policies.js";
import { principalsOf } from "./principals.js";

/** Says in plain words what a change does. What none of our commands makes begins with "UNUSUAL". */
export function describeChange(change: Change): Words {
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
  const places = anchorPeers(group.values.get("AnchorPeers"));
  return {
    en: `${name} joins (${path}); MSP ${msp?.name ?? "none"}; root certificate ${roots ?? "none"}; peers at ${places}.`,
    zh: `${name} 加入（${path}）；MSP 为 ${msp?.name ?? "无"}；根证书 ${roots ?? "无"}；节点地址 ${places}。`,
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
        const [old, now] = [before, after].map(({ value }) => OrdererAddresses.decode(value).addresses.join(", "));
        return {
          en: `The orderers of ${path} are at ${now} instead of ${old}.`,
          zh: `${path} 的排序节点地址由 ${old} 改为 ${now}。`,
        };
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
  return {
    en: `UNUSUAL: the policy ${path}/${name} becomes ${now.en} instead of ${old.en}.`,
    zh: `异常：策略 ${path}/${name} 由 ${old.zh} 改为 ${now.zh}。`,
  };
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

function anchorPeers(value: ConfigValue | undefined): string {
  const peers = value ? AnchorPeers.decode(value.value).anchorPeers : [];
  return peers.map(({ host, port }) => `${host}:${port}`).join(", ") || "-";
}

/** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` prints it but for the colons. */
function fingerprint(pem: Uint8Array): string {
  const { rawData } = new X509Certificate(Buffer.from(pem).toString("utf8"));
  return createHash("sha256").update(Buffer.from(rawData)).digest("hex");
}

function digest(value: Uint8Array | undefined): string | undefined {
  return value ? createHash("sha256").update(value).digest("hex").slice(0, 16) : undefined;
}
