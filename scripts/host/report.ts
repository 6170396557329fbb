import { networkStatus } from "@wanlian/network/administration/status.js";
import { statusLines } from "@wanlian/network/cli/status.js";
import type { ProcessState } from "@wanlian/network/processes/process.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { Language, Words } from "@wanlian/protocol/language.js";
import { padded } from "@wanlian/protocol/screen-width.js";
import { ROLES } from "@wanlian/words/index.js";
import { officersOf } from "./officers.js";
import type { Pilot } from "./pilot.js";

/** What holds against dishonest departments (docs/trust.md) supposes that each department has a machine of its own. */
const ONE_HOST: Words = {
  zh: "全部在一台主机上时，主机的运行者就是每一个部门：部门之间的相互保护在此不成立。",
  en: "On one host, whoever runs it is every department: what protects departments from each other does not hold here.",
};

/** Says where everything is, for whoever has just started a pilot. */
export function printAddresses({ data }: Pilot, topology: Topology, language: Language): void {
  const { consensus, channel, departments } = topology;
  const pages = {
    zh: "各部门的页面，在浏览器中打开；登录用所列经办人编号：",
    en: "Departments' pages, to open in a browser; log in with the officer numbers listed:",
  };
  const separator = { zh: "，", en: ", " }[language];
  const pageLines = departments.flatMap((department) => {
    if (department.node === undefined) return [];
    const officers = officersOf(department).map(({ number, post }) => `${number} ${ROLES[post]?.[language] ?? post}`);
    return [`  http://${department.node.api}/  ${department.name[language]}  ${officers.join(separator)}`];
  });
  const passphrases = {
    zh: `口令在 ${data.path}/nodes/MSPID/officers/passphrases/编号。`,
    en: `Passphrases: ${data.path}/nodes/MSPID/officers/passphrases/NUMBER.`,
  };
  const heading = {
    zh: `试点已运行（${consensus}，通道 ${channel}）。对等节点：`,
    en: `The pilot runs (${consensus}, channel ${channel}). Peers:`,
  };
  const lines = departments.map(
    ({ name, mspId, peers: [peer] }) => `  ${mspId.padEnd(14)} ${peer.address.padEnd(24)} ${name.zh} ${name.en}`,
  );
  const where = { zh: `所有内容都在 ${data.path}。`, en: `Everything lies in ${data.path}.` };
  write([
    pages[language],
    ...pageLines,
    passphrases[language],
    heading[language],
    ...lines,
    where[language],
    ONE_HOST[language],
  ]);
}

/** Places for a process's title and its address. */
const TITLE = 44;
const WHERE = 18;

/** Says what runs, and how the network does as its administrators see it. */
export async function printStatus(pilot: Pilot, language: Language): Promise<void> {
  if (!(await pilot.data.holdsPilot())) {
    const none = {
      zh: `${pilot.data.path} 中没有试点；用 "up" 建立。`,
      en: `There is no pilot in ${pilot.data.path}; "up" makes one.`,
    };
    write([none[language]]);
    return;
  }
  const states = await pilot.states();
  write(
    states.map(
      ({ spec, state }) =>
        `  ${padded(spec.title[language], TITLE)} ${(spec.listens[0] ?? "-").padEnd(WHERE)} ${told(state)[language]}`,
    ),
  );
  if (states.every(({ state }) => state.kind === "stopped")) return;
  const network = await pilot.network();
  try {
    write([...statusLines(await networkStatus(network), language), ONE_HOST[language]]);
  } finally {
    network.close();
  }
}

function told(state: ProcessState): Words {
  switch (state.kind) {
    case "running":
      return { zh: `运行中（进程 ${state.pid}）`, en: `running (process ${state.pid})` };
    case "dead":
      return {
        zh: '已死：未被停止就退出了；用 "up" 重新启动',
        en: 'dead: it ended without being stopped; "up" starts it again',
      };
    case "stopped":
      return { zh: "已停止", en: "stopped" };
  }
}

function write(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
