import type { Language, Words } from "@wanlian/protocol/language.js";
import { padded } from "@wanlian/protocol/screen-width.js";
import { endpointName } from "../administration/calls/connection.js";
import { describeComplaint, standing } from "../administration/complaints.js";
import { certificateName } from "../administration/expiry.js";
import type { OrdererStatus, PeerStatus } from "../administration/observed-network.js";
import type { Answer } from "../administration/state.js";
import { type NetworkStatus, networkStatus } from "../administration/status.js";
import type { CommandGroup } from "./command-group.js";

/** `status`: how every orderer and peer does, and what is wrong. */
export const statusCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("status")
    .description(
      t({
        zh: "高度、一致性、合约、证书；有什么问题、该怎么办",
        en: "heights, agreement, contracts, certificates; what is wrong and what to do",
      }),
    )
    .action(async () => {
      const { out, json, language, withNetwork } = surroundings();
      const status = await withNetwork(networkStatus);
      out.write(json ? `${statusAsJson(status)}\n` : `${statusLines(status, language).join("\n")}\n`);
    });
};

/**
 * The status as JSON, sentences in both languages; heights are decimal strings, since they may exceed what JSON numbers hold.
 */
export function statusAsJson(status: NetworkStatus): string {
  const plain = (_: string, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    return value instanceof Map ? Object.fromEntries(value) : value;
  };
  const complaints = status.complaints.map((complaint) => ({ ...complaint, ...describeComplaint(complaint) }));
  return JSON.stringify({ ...status, complaints }, plain, 2);
}

/** The status as lines for people. */
export function statusLines(status: NetworkStatus, language: Language): string[] {
  const { orderers, peers, comparedAt, complaints } = status;
  const lines = [
    ...orderers.map(ordererLine),
    ...peers.map(peerLine),
    ...(comparedAt === undefined
      ? []
      : [{ zh: `哈希为区块 ${comparedAt} 的。`, en: `Hashes are those of block ${comparedAt}.` }]),
    ...earliestExpiry(status),
    ...(complaints.length === 0 ? [{ zh: "没有问题。", en: "Nothing is wrong." }] : []),
    ...complaints.map((complaint) => {
      const { what, remedy } = describeComplaint(complaint);
      return {
        zh: `! ${what.zh.replace(/。$/, "")}。${remedy.zh}`,
        en: `! ${what.en.replace(/\.$/, "")}. ${remedy.en}`,
      };
    }),
  ];
  return lines.map((line) => line[language]);
}

/** Places for who and where, so that the rest stands below each other. */
const WHO = 28;
const WHERE = 22;

function ordererLine({ name, address, channel }: OrdererStatus): Words {
  const said = told(channel, ({ height, status }) => ({
    zh: `${standing(status).zh}，高度 ${height}`,
    en: `${standing(status).en}, height ${height}`,
  }));
  const where = `${name.padEnd(WHO)} ${address.padEnd(WHERE)}`;
  return { zh: `${where} ${said.zh}`, en: `${where} ${said.en}` };
}

function peerLine({ mspId, name, address, ledger, contracts, sees }: PeerStatus): Words {
  const parts = [
    told(ledger, ({ height, blockHash, commitHash }) => ({
      zh: `高度 ${height}，区块 ${short(blockHash)}，状态 ${short(commitHash)}`,
      en: `height ${height}, block ${short(blockHash)}, state ${short(commitHash)}`,
    })),
    told(contracts, (definition) =>
      definition
        ? {
            zh: `合约 ${definition.version}（${definition.sequence}）`,
            en: `contracts ${definition.version} (${definition.sequence})`,
          }
        : { zh: "没有合约", en: "no contracts" },
    ),
    told(sees, (count) => ({ zh: `看到 ${count} 个对等节点`, en: `sees ${count} peers` })),
  ];
  // Of a peer that does not answer, the first failure says it all.
  const said = ledger.kind === "answer" ? parts : parts.slice(0, 1);
  const who = endpointName({ mspId, name });
  const [zh, en] = [said.map((part) => part.zh).join("；"), said.map((part) => part.en).join("; ")];
  return {
    zh: `${padded(who.zh, WHO)} ${address.padEnd(WHERE)} ${zh}`,
    en: `${padded(who.en, WHO)} ${address.padEnd(WHERE)} ${en}`,
  };
}

function earliestExpiry({ certificates }: NetworkStatus): Words[] {
  const [first] = [...certificates].sort((left, right) => left.notAfter.getTime() - right.notAfter.getTime());
  if (!first) return [];
  const whose = certificateName(first);
  const day = first.notAfter.toISOString().slice(0, 10);
  return [
    {
      zh: `最早到期的证书是 ${whose.zh} 的，${day} 到期。`,
      en: `The first certificate to end is ${whose.en}, on ${day}.`,
    },
  ];
}

function told<T>(given: Answer<T>, tell: (value: T) => Words): Words {
  switch (given.kind) {
    case "answer":
      return tell(given.value);
    case "failed":
      return { zh: `没有应答（${given.reason.zh}）`, en: `no answer (${given.reason.en})` };
    case "withheld":
      return { zh: "只有其自己的管理员可以查询", en: "its own administrator's to ask" };
  }
}

/** Enough of a hash for people to compare. */
const SHORT = 12;

function short(hash: string): string {
  return hash.slice(0, SHORT);
}
