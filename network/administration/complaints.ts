import type { Words } from "@wanlian/protocol/language.js";
import { endpointName } from "./calls/connection.js";
import { type CertificateExpiry, certificateName } from "./expiry.js";
import { highestOf } from "./heights.js";
import type { ObservedNetwork, OrdererStatus, PeerStatus } from "./observed-network.js";

/** One thing that is wrong. */
export type Complaint =
  | { readonly kind: "orderer silent"; readonly mspId: string; readonly name: string; readonly reason: Words }
  | {
      readonly kind: "orderer not active";
      readonly mspId: string;
      readonly name: string;
      /** The orderer's own word; undefined where it has not joined. */
      readonly status: string | undefined;
    }
  | { readonly kind: "peer silent"; readonly mspId: string; readonly name: string; readonly reason: Words }
  | { readonly kind: "contracts not approved"; readonly mspId: string }
  | { readonly kind: "contracts silent"; readonly mspId: string; readonly name: string; readonly reason: Words }
  | {
      readonly kind: "peers unseen";
      readonly mspId: string;
      readonly name: string;
      readonly sees: number;
      readonly of: number;
    }
  /** Each camp is the departments whose peers show the same. */
  | { readonly kind: "peers disagree"; readonly block: bigint; readonly camps: readonly (readonly string[])[] }
  | {
      readonly kind: "peer behind" | "peer stands still";
      readonly mspId: string;
      readonly name: string;
      readonly height: bigint;
      readonly highest: bigint;
    }
  | { readonly kind: "certificate ending"; readonly certificate: CertificateExpiry; readonly days: number };

/** Certificates that end sooner are complained about: a month is time to have new ones made and put in place. */
const EXPIRY_NOTICE_DAYS = 30;
/** New roots have to reach everybody, auditors included, before the former end. */
const ROOT_NOTICE_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A peer this far behind the highest is not just busy. */
const TOLERATED_LAG = 20n;

/** What is wrong with a network that does so. */
export function complaintsAbout(status: ObservedNetwork, peerCount: number): Complaint[] {
  return [
    ...status.orderers.flatMap(ordererComplaints),
    ...status.peers.flatMap((peer) => peerComplaints(peer, peerCount)),
    ...disagreements(status.peers, status.comparedAt),
    ...laggards(status),
    ...status.certificates.flatMap(expiryComplaint),
  ];
}

function ordererComplaints({ mspId, name, channel }: OrdererStatus): Complaint[] {
  if (channel.kind === "withheld") return [];
  if (channel.kind === "failed") return [{ kind: "orderer silent", mspId, name, reason: channel.reason }];
  const { status } = channel.value;
  return status === "active" ? [] : [{ kind: "orderer not active", mspId, name, status }];
}

function peerComplaints({ mspId, name, ledger, contracts, process, sees }: PeerStatus, peerCount: number): Complaint[] {
  if (ledger.kind === "withheld") return [];
  if (ledger.kind === "failed") return [{ kind: "peer silent", mspId, name, reason: ledger.reason }];
  const complaints: Complaint[] = [];
  if (contracts.kind === "answer" && contracts.value?.approvals.get(mspId) !== true)
    complaints.push({ kind: "contracts not approved", mspId });
  if (process.kind === "failed") complaints.push({ kind: "contracts silent", mspId, name, reason: process.reason });
  if (sees.kind === "answer" && sees.value < peerCount)
    complaints.push({ kind: "peers unseen", mspId, name, sees: sees.value, of: peerCount });
  return complaints;
}

function disagreements(peers: readonly PeerStatus[], block: bigint | undefined): Complaint[] {
  const views = new Map<string, string[]>();
  for (const { mspId, ledger } of peers) {
    if (ledger.kind !== "answer") continue;
    const view = `${ledger.value.blockHash} ${ledger.value.commitHash}`;
    views.set(view, [...(views.get(view) ?? []), mspId]);
  }
  return views.size <= 1 || block === undefined ? [] : [{ kind: "peers disagree", block, camps: [...views.values()] }];
}

/** Against what the orderers have, too: where all peers stand still, they agree. */
function laggards({ peers, orderers }: Pick<ObservedNetwork, "peers" | "orderers">): Complaint[] {
  const heights = peers.flatMap(({ mspId, name, ledger, standsStill }) =>
    ledger.kind === "answer" ? [{ mspId, name, height: ledger.value.height, standsStill }] : [],
  );
  const ordered = orderers.flatMap(({ channel }) => (channel.kind === "answer" ? [channel.value.height] : []));
  const highest = highestOf([...heights.map(({ height }) => height), ...ordered]);
  return heights.flatMap(({ standsStill, ...who }): Complaint[] => {
    if (standsStill) return [{ kind: "peer stands still", ...who, highest }];
    return highest - who.height > TOLERATED_LAG ? [{ kind: "peer behind", ...who, highest }] : [];
  });
}

function expiryComplaint(certificate: CertificateExpiry): Complaint[] {
  const days = Math.floor((certificate.notAfter.getTime() - Date.now()) / DAY_MS);
  const notice = certificate.of === "root" ? ROOT_NOTICE_DAYS : EXPIRY_NOTICE_DAYS;
  return days >= notice ? [] : [{ kind: "certificate ending", certificate, days }];
}

/** Fabric's words for how an orderer stands to a channel (its channel participation API), and none where it has not joined. */
export function standing(status: string | undefined): Words {
  switch (status) {
    case undefined:
      return { zh: "未加入", en: "not joined" };
    case "active":
      return { zh: "正常", en: status };
    case "onboarding":
      return { zh: "正在追赶", en: status };
    case "inactive":
      return { zh: "不活动", en: status };
    case "failed":
      return { zh: "失败", en: status };
    default:
      return { zh: status, en: status };
  }
}

/** What is wrong, and what to do about it. */
export interface Advice {
  readonly what: Words;
  readonly remedy: Words;
}

/** Says a complaint in plain words. */
export function describeComplaint(complaint: Complaint): Advice {
  switch (complaint.kind) {
    case "orderer silent":
      return {
        what: complaint.reason,
        remedy: {
          zh: `请启动 ${complaint.name}，或查看其日志。`,
          en: `Start ${complaint.name}, or look at its log.`,
        },
      };
    case "orderer not active":
      return {
        what: {
          zh: `${complaint.name} ${standing(complaint.status).zh}`,
          en: `${complaint.name} is ${standing(complaint.status).en}`,
        },
        remedy: {
          zh: '请运行 "wanlian network apply"，或等它追上。',
          en: 'Run "wanlian network apply", or wait while it catches up.',
        },
      };
    case "peer silent": {
      const who = endpointName(complaint);
      return {
        what: complaint.reason,
        remedy: {
          zh: `请启动 ${who.zh}，或用 "wanlian network apply" 让它加入。`,
          en: `Start ${who.en}, or let it join with "wanlian network apply".`,
        },
      };
    }
    case "contracts not approved":
      return {
        what: {
          zh: `${complaint.mspId} 尚未批准现行合约`,
          en: `${complaint.mspId} has not approved the contracts in force`,
        },
        remedy: {
          zh: `请在 ${complaint.mspId} 运行 "wanlian network apply"。`,
          en: `Run "wanlian network apply" at ${complaint.mspId}.`,
        },
      };
    case "contracts silent": {
      const who = endpointName(complaint);
      return {
        what: {
          zh: `${who.zh} 旁的合约进程没有应答，该部门不能背书（${complaint.reason.zh.replace(/。$/, "")}）`,
          en: `The contracts beside ${who.en} do not answer, so that the department cannot endorse (${complaint.reason.en.replace(/\.$/, "")})`,
        },
        remedy: {
          zh: "请启动合约进程，或查看其日志。",
          en: "Start the contracts' process, or look at its log.",
        },
      };
    }
    case "peers unseen": {
      const { sees, of } = complaint;
      const who = endpointName(complaint);
      return {
        what: { zh: `${who.zh} 只看到 ${of} 个对等节点中的 ${sees} 个`, en: `${who.en} sees ${sees} of ${of} peers` },
        remedy: {
          zh: "请检查对等节点之间是否连通；刚启动时请等半分钟。",
          en: "Check that the peers reach each other; after a start, wait half a minute.",
        },
      };
    }
    case "peers disagree": {
      const { block, camps } = complaint;
      return {
        what: {
          zh: `各对等节点对区块 ${block} 不一致：${camps.map((camp) => camp.join("、")).join(" 对 ")}`,
          en: `The peers disagree on block ${block}: ${camps.map((camp) => camp.join(", ")).join(" against ")}`,
        },
        remedy: {
          zh: "请停止写入。从高到低比较区块哈希和状态哈希，找出第一个不同的区块；重建孤立的一方。",
          en: "Stop writing. Compare block and commit hashes downwards to find the first that differs; rebuild the peer that is alone.",
        },
      };
    }
    case "peer stands still": {
      const { height, highest } = complaint;
      const who = endpointName(complaint);
      return {
        what: {
          zh: `${who.zh} 停在高度 ${height}，最高的为 ${highest}`,
          en: `${who.en} stands still at height ${height}, the highest is at ${highest}`,
        },
        remedy: {
          zh: "请查看其日志：是否连得上排序节点，或账本是否损坏；停止后再启动会重新取得区块。",
          en: "Look at its log: whether it reaches the orderers, or its ledger is damaged; stopped and started again it fetches the blocks anew.",
        },
      };
    }
    case "peer behind": {
      const { height, highest } = complaint;
      const who = endpointName(complaint);
      return {
        what: {
          zh: `${who.zh} 的高度为 ${height}，最高的为 ${highest}`,
          en: `${who.en} is at height ${height}, the highest at ${highest}`,
        },
        remedy: {
          zh: "请查看其日志，是否连得上排序节点。",
          en: "Look at its log, whether it reaches the orderers.",
        },
      };
    }
    case "certificate ending": {
      const { certificate, days } = complaint;
      const whose = certificateName(certificate);
      const ended = certificate.notAfter.toISOString();
      return {
        what: {
          zh: `${whose.zh} 的证书${days < 0 ? `已于 ${ended} 到期` : `将在 ${days} 天后到期`}`,
          en: `The certificate of ${whose.en} ${days < 0 ? `has ended on ${ended}` : `ends in ${days} days`}`,
        },
        remedy:
          certificate.of === "root"
            ? {
                zh: `请更换根证书（wanlian network roots ${certificate.mspId}）。`,
                en: `Let new roots take its place ("wanlian network roots ${certificate.mspId}").`,
              }
            : { zh: "请制作新证书并替换。", en: "Have a new one made and put in its place." },
      };
    }
  }
}
