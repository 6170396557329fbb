import type { Words } from "@wanlian/protocol/language.js";
import { type Address, type Department, hostAndPort, type Topology } from "./topology.js";

/** What is wrong with one field. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** Continues a sentence that begins with the field's name. */
  readonly message: Words;
}

/** SmartBFT bears one faulty orderer of four (3f + 1). */
const FEWEST_BFT_ORDERERS = 4;
const HIGHEST_PORT = 65_535;

/** What the schema cannot say: references, uniqueness, and what the consensus asks for. */
export function contradictions(topology: Topology): Problem[] {
  return [
    ...endorsementProblems(topology),
    ...bureauProblems(topology),
    ...topology.departments.flatMap(connectorProblems),
    ...topology.departments.flatMap(contractsProblems),
    ...ordererProblems(topology),
    ...batchProblems(topology),
    ...duplicates(mspIds(topology), { zh: "MSP 标识", en: "MSP id" }),
    ...duplicates(addresses(topology), { zh: "地址", en: "address" }),
    ...addresses(topology).flatMap(portProblem),
  ];
}

function endorsementProblems({ endorsements, departments }: Topology): Problem[] {
  if (endorsements <= departments.length) return [];
  return [
    {
      path: ["endorsements"],
      message: {
        zh: `为 ${endorsements}；共 ${departments.length} 个部门，最多如此`,
        en: `is ${endorsements}; with ${departments.length} departments it is at most that`,
      },
    },
  ];
}

function bureauProblems({ departments }: Topology): Problem[] {
  const bureaus = departments.flatMap((department, index) => (department.bureau ? [index] : []));
  if (bureaus.length === 0)
    return [
      {
        path: ["departments"],
        message: {
          zh: "没有写明数据局；须有一个部门写 bureau: true",
          en: "name no data bureau; one department must have bureau: true",
        },
      },
    ];
  return bureaus.slice(1).map((index) => ({
    path: ["departments", index, "bureau"],
    message: {
      zh: "对第二个部门为 true；数据局只有一个",
      en: "is true for a second department; there is one data bureau",
    },
  }));
}

function connectorProblems({ node, peers: [peer] }: Department, index: number): Problem[] {
  if (node === undefined || node.connector === "fabric-network" || peer.gateway !== "off") return [];
  const message = {
    zh: "为 gateway，但其对等节点关闭了 Gateway 服务；须为 fabric-network",
    en: "is gateway, but its peer has the Gateway service off; it must be fabric-network",
  };
  return [{ path: ["departments", index, "node", "connector"], message }];
}

/** A package says where the contracts run, and a department approves one package: all its peers have the same contracts. */
function contractsProblems({ peers: [first, ...others] }: Department, index: number): Problem[] {
  return others.flatMap(({ contracts }, at) => {
    if (contracts === first.contracts) return [];
    const message = {
      zh: `为 ${contracts}；同一部门的对等节点共用一个合约进程，须为 ${first.contracts}`,
      en: `is ${contracts}; a department's peers share one contract process, so it must be ${first.contracts}`,
    };
    return [{ path: ["departments", index, "peers", at + 1, "contracts"], message }];
  });
}

function ordererProblems({ consensus, orderers }: Topology): Problem[] {
  const known = new Set(orderers.organisations.map((organisation) => organisation.mspId));
  const problems: Problem[] = orderers.nodes.flatMap((node, index) =>
    known.has(node.organisation)
      ? []
      : [
          {
            path: ["orderers", "nodes", index, "organisation"],
            message: {
              zh: `为 "${node.organisation}"；须为 ${[...known].join("、")} 之一`,
              en: `is "${node.organisation}"; it must be one of ${[...known].join(", ")}`,
            },
          },
        ],
  );
  const count = orderers.nodes.length;
  const path = ["orderers", "nodes"];
  if (consensus === "embedded" && count !== 1)
    problems.push({
      path,
      message: {
        zh: `有 ${count} 个排序节点；内嵌网络恰有一个`,
        en: `has ${count} orderers; the embedded network has exactly one`,
      },
    });
  if (consensus === "bft" && count < FEWEST_BFT_ORDERERS)
    problems.push({
      path,
      message: {
        zh: `有 ${count} 个排序节点；共识 bft 至少需要 ${FEWEST_BFT_ORDERERS} 个`,
        en: `has ${count} orderers; consensus bft needs at least ${FEWEST_BFT_ORDERERS}`,
      },
    });
  return problems;
}

function batchProblems({ batch }: Topology): Problem[] {
  if (batch.preferredBytes <= batch.absoluteBytes) return [];
  return [
    {
      path: ["batch", "preferredBytes"],
      message: {
        zh: `为 ${batch.preferredBytes}；不得大于 absoluteBytes，即 ${batch.absoluteBytes}`,
        en: `is ${batch.preferredBytes}; it must be at most absoluteBytes, ${batch.absoluteBytes}`,
      },
    },
  ];
}

interface Occurrence {
  readonly path: readonly (string | number)[];
  readonly value: string;
}

function mspIds({ departments, orderers }: Topology): Occurrence[] {
  return [
    ...departments.map(({ mspId }, index) => ({ path: ["departments", index, "mspId"], value: mspId })),
    ...orderers.organisations.map(({ mspId }, index) => ({
      path: ["orderers", "organisations", index, "mspId"],
      value: mspId,
    })),
  ];
}

function addresses({ departments, orderers }: Topology): Occurrence[] {
  return [
    ...departments.flatMap(({ peers, node }, index) => [
      ...peers.flatMap((peer, at) =>
        present(["departments", index, "peers", at], peer, [
          "address",
          ...(at === 0 ? (["contracts"] as const) : []),
          "operations",
        ]),
      ),
      ...(node ? present(["departments", index, "node"], node, ["api", "exchange", "operations"]) : []),
    ]),
    ...orderers.nodes.flatMap((node, index) =>
      present(["orderers", "nodes", index], node, ["address", "administration", "operations"]),
    ),
  ];
}

function present<K extends string>(
  path: readonly (string | number)[],
  place: Readonly<Partial<Record<K, Address>>>,
  fields: readonly K[],
): Occurrence[] {
  return fields.flatMap((field) => {
    const value = place[field];
    return value === undefined ? [] : [{ path: [...path, field], value }];
  });
}

function duplicates(occurrences: readonly Occurrence[], what: Words): Problem[] {
  const seen = new Set<string>();
  return occurrences.flatMap(({ path, value }) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const message = {
      zh: `为 "${value}"，这一${what.zh}上文已有`,
      en: `is "${value}", an ${what.en} that stands further up already`,
    };
    return [{ path, message }];
  });
}

function portProblem({ path, value }: Occurrence): Problem[] {
  const { port } = hostAndPort(value);
  if (port >= 1 && port <= HIGHEST_PORT) return [];
  const message = {
    zh: `的端口为 ${port}；端口范围为 1 至 ${HIGHEST_PORT}`,
    en: `has port ${port}; ports go from 1 to ${HIGHEST_PORT}`,
  };
  return [{ path, message }];
}
