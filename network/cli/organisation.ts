import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMachine, ROLES, type Role } from "@wanlian/model/roles.js";
import type { Words } from "@wanlian/protocol/language.js";
import { InvalidArgumentError, Option } from "commander";
import { makeDepartment, makeOrdererOrganisation } from "../certificates/make.js";
import { Organisation, type RenewedCertificate } from "../certificates/organisation.js";
import { organisationFolder } from "../channel/material.js";
import { NetworkError } from "../error.js";
import { FEWEST_DEPARTMENTS, MOST_DEPARTMENTS, pilotTopology } from "../topology/pilot.js";
import type { Consensus, Topology } from "../topology/topology.js";
import type { CommandGroup } from "./command-group.js";

/** `example`: a topology to begin from. */
export const exampleCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("example")
    .description(
      t({
        zh: "打印一个可作起点的拓扑文件；各机构的地址请改为各自机器的",
        en: "print a topology file to begin from; give each organisation the addresses of its own machine",
      }),
    )
    .addOption(
      new Option("--network <network>", t({ zh: "如何排序", en: "how transactions are put in order" }))
        .choices(["embedded", "raft", "bft"])
        .default("raft"),
    )
    .addOption(
      new Option("--departments <n>", t({ zh: "部门数", en: "how many departments" }))
        .choices(DEPARTMENT_COUNTS)
        .default(String(FEWEST_DEPARTMENTS)),
    )
    .addOption(
      new Option("--ports <first>", t({ zh: "最小端口号", en: "the lowest port" })).argParser((text) => {
        const port = Number(text);
        if (Number.isInteger(port) && port > 0 && port <= MOST_FIRST_PORT) return port;
        throw new InvalidArgumentError(`1 – ${MOST_FIRST_PORT}`);
      }),
    )
    .action(({ network, departments, ports }: { network: Consensus; departments: string; ports?: number }) => {
      const options = { departments: Number(departments), consensus: network };
      surroundings().out.write(pilotTopology(ports === undefined ? options : { ...options, firstPort: ports }));
    });
};

const DEPARTMENT_COUNTS = Array.from({ length: MOST_DEPARTMENTS - FEWEST_DEPARTMENTS + 1 }, (_, index) =>
  String(FEWEST_DEPARTMENTS + index),
);
/** A pilot's ports reach some two hundred further. */
const MOST_FIRST_PORT = 65_000;

/** `certificates MSPID`: an organisation's own authority and what it signs. */
export const certificatesCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("certificates <mspid>")
    .description(
      t({
        zh: "为一个机构建立证书机构，并为其节点和管理员制作证书；已有的保留",
        en: "make an organisation's authority, and certificates for its nodes and administrator; what is there stays",
      }),
    )
    .action(async (mspId: string) => {
      const { out, base, topology } = surroundings();
      const described = await topology();
      const folder = organisationFolder(base, organisationIn(described, mspId));
      const department = described.departments.find((one) => one.mspId === mspId);
      await (department ? makeDepartment(folder, department) : makeOrdererOrganisation(folder, described, mspId));
      const done = {
        zh: `${folder} 已齐全。请将 ${join(folder, "msp")} 交给其他各方；其余内容不得离开 ${mspId}。`,
        en: `${folder} is complete. Hand ${join(folder, "msp")} to the others; nothing else of it leaves ${mspId}.`,
      };
      out.write(`${t(done)}\n`);
    });
};

/** `certify MSPID NUMBER`: an officer's certificate, from the request that the officer's own node made. */
export const certifyCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("certify <mspid> <number>")
    .description(
      t({
        zh: "为人员自己的密钥签发证书；证书输出到标准输出",
        en: "certify an officer's own key; the certificate goes to standard output",
      }),
    )
    .requiredOption(
      "--request <file>",
      t({ zh: "证书请求（PKCS#10，PEM）", en: "the certificate request (PKCS#10, PEM)" }),
    )
    .requiredOption(
      "--roles <roles>",
      t({
        zh: `该人员的角色：${ROLES.join("、")}，用逗号分隔`,
        en: `what the officer may be: ${ROLES.join(", ")}, separated by commas`,
      }),
    )
    .action(async (mspId: string, number: string, { request, roles }: { request: string; roles: string }) => {
      const { out, base, topology } = surroundings();
      const organisation = await Organisation.open(
        organisationFolder(base, organisationIn(await topology(), mspId)),
        mspId,
      );
      const pem = await readFile(request, "utf8").catch((cause: unknown) => {
        throw new NetworkError(
          "MISSING_FILE",
          { zh: `无法读取证书请求 ${request}。`, en: `The certificate request ${request} cannot be read.` },
          { details: { request }, cause },
        );
      });
      out.write(await organisation.addOfficer(number, rolesFrom(roles), pem));
    });
};

/** Days before its end from which a certificate is renewed: there is time for officers to take theirs. */
const RENEWAL_DAYS = 60;
const DAY_MS = 86_400_000;
const MOST_DAYS = 36_500;

/** `renew MSPID`: certificates that end soon, anew, for the same keys or others. */
export const renewCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("renew <mspid>")
    .description(
      t({
        zh: "为即将到期的证书换发新证书，密钥不变：节点、管理员和经办人员的，签名用和 TLS 用的",
        en: "renew the certificates that end soon, for the same keys: nodes', administrators' and officers', for signing and TLS",
      }),
    )
    .addOption(
      new Option("--within <days>", t({ zh: "多少天内到期的", en: "those that end within so many days" }))
        .argParser((text) => {
          const days = Number(text);
          if (Number.isInteger(days) && days > 0 && days <= MOST_DAYS) return days;
          throw new InvalidArgumentError(`1 – ${MOST_DAYS}`);
        })
        .default(RENEWAL_DAYS),
    )
    .option(
      "--new-keys",
      t({ zh: "连同新密钥；经办人员和排序节点除外", en: "with new keys, but for officers' and orderers'" }),
    )
    .option(
      "--former",
      t({ zh: "旧根证书签发的也一并换发", en: "whatever the former roots signed as well, however long it lasts" }),
    )
    .action(async (mspId: string, { within, newKeys, former }: RenewOptions) => {
      const { out, base, topology } = surroundings();
      const folder = organisationFolder(base, organisationIn(await topology(), mspId));
      const organisation = await Organisation.open(folder, mspId);
      const { renewed, foreign } = await organisation.renew({
        before: new Date(Date.now() + within * DAY_MS),
        ...(former ? { former: "too" } : {}),
        ...(newKeys ? { keys: "new" } : {}),
      });
      for (const { holder, use, notAfter } of renewed)
        out.write(`${holder}${use === "tls" ? " (TLS)" : ""}  → ${notAfter.toISOString().slice(0, 10)}\n`);
      for (const text of afterRenewal(mspId, within, renewed, foreign)) out.write(`${t(text)}\n`);
    });
};

interface RenewOptions {
  readonly within: number;
  readonly newKeys?: boolean;
  readonly former?: boolean;
}

/** `roots MSPID`: new authorities beside the ones that there are, and the end of the former. */
export const rootsCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("roots <mspid>")
    .description(
      t({
        zh: "为一个机构建立新的根证书，与现有的并存；之后由新的签发",
        en: "make an organisation new roots beside those that there are; the new ones sign from then on",
      }),
    )
    .option(
      "--end-former",
      t({
        zh: "旧根证书签发的都已换下后，使其失效",
        en: "let the former count no more, once nothing of theirs is in use",
      }),
    )
    .action(async (mspId: string, { endFormer }: { endFormer?: boolean }) => {
      const { out, base, topology } = surroundings();
      const described = organisationIn(await topology(), mspId);
      const organisation = await Organisation.open(organisationFolder(base, described), mspId);
      await (endFormer ? organisation.endFormer() : organisation.rollOver(described.name.zh));
      const done = endFormer
        ? {
            zh: `旧根证书已从 ${mspId} 的目录中去除。请 apply，把 msp 目录交给其他各方，再运行 configure 并逐个重启。`,
            en: `The former roots are out of ${mspId}'s folder. Now apply, hand the folder msp to the others, configure, and restart one after another.`,
          }
        : {
            zh: `${mspId} 有了新的根证书，旧的仍有效。请 apply，把 msp 目录交给其他各方，运行 configure 并逐个重启；再 renew ${mspId} --former，再逐个重启；最后 roots ${mspId} --end-former。`,
            en: `${mspId} has new roots; the former still count. Now apply, hand the folder msp to the others, configure, and restart one after another; then "renew ${mspId} --former" and restart again; at last "roots ${mspId} --end-former".`,
          };
      out.write(`${t(done)}\n`);
    });
};

/** What is left to do. */
function afterRenewal(
  mspId: string,
  within: number,
  renewed: readonly RenewedCertificate[],
  foreign: readonly string[],
): Words[] {
  const holders = [...new Set(renewed.map(({ holder }) => holder))];
  const officers = holders.filter((holder) => holder.startsWith("officers"));
  const processes = holders.filter((holder) => /^(peers|orderers|clients)/.test(holder));
  const list = (names: readonly string[]) => ({ zh: names.join("、"), en: names.join(", ") });
  return [
    ...(renewed.length === 0
      ? [
          {
            zh: `${mspId} 没有 ${within} 天内到期的证书。`,
            en: `No certificate of ${mspId} ends within ${within} days.`,
          },
        ]
      : []),
    ...(processes.length === 0
      ? []
      : [
          {
            zh: `请逐个重启：${list(processes).zh}；每个就绪后再重启下一个。`,
            en: `Restart one after another, each when the one before is ready: ${list(processes).en}.`,
          },
        ]),
    ...(officers.length === 0
      ? []
      : [
          {
            zh: `请交给本人用 key install 装入：${list(officers).zh}。`,
            en: `To be put in place by key install, at the officers' node: ${list(officers).en}.`,
          },
        ]),
    ...(foreign.length === 0
      ? []
      : [
          {
            zh: `由其他证书机构签发，须由其换发：${list(foreign).zh}。`,
            en: `Signed by another authority, which has to renew them: ${list(foreign).en}.`,
          },
        ]),
  ];
}

/** A machine has no other role: rules that know of machines count none beside it, and older ones must not either. */
function rolesFrom(text: string): Role[] {
  const roles = namedRoles(text);
  if (!isMachine(roles) || roles.length === 1) return roles;
  throw new NetworkError(
    "INVALID_CERTIFICATE",
    {
      zh: `业务系统（machine）不兼其他角色：${text}。请为人员另发证书。`,
      en: `A machine has no role beside machine: ${text}. Give people certificates of their own.`,
    },
    { details: { roles } },
  );
}

function namedRoles(text: string): Role[] {
  return text.split(",").map((name) => {
    const role = ROLES.find((known) => known === name.trim());
    if (role) return role;
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      {
        zh: `没有角色 "${name}"；角色有 ${ROLES.join("、")}。`,
        en: `"${name}" is no role; roles are ${ROLES.join(", ")}.`,
      },
      { details: { name, roles: ROLES } },
    );
  });
}

/** The organisation of that MSP id. Throws `INVALID_TOPOLOGY` with those that there are. */
export function organisationIn({ departments, orderers }: Topology, mspId: string) {
  const all = [...departments, ...orderers.organisations];
  const found = all.find((organisation) => organisation.mspId === mspId);
  if (found) return found;
  const known = all.map((organisation) => organisation.mspId);
  throw new NetworkError(
    "INVALID_TOPOLOGY",
    {
      zh: `拓扑中没有机构 ${mspId}；有 ${known.join("、")}。`,
      en: `The topology has no organisation ${mspId}; it has ${known.join(", ")}.`,
    },
    { details: { mspId, known } },
  );
}
