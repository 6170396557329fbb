import { type Address, type Department, hostAndPort, type Topology } from "./topology.js";

/** What is wrong with one field. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** Continues a sentence that begins with the field's name. */
  readonly message: string;
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
    ...ordererProblems(topology),
    ...batchProblems(topology),
    ...duplicates(mspIds(topology), "MSP id"),
    ...duplicates(addresses(topology), "address"),
    ...addresses(topology).flatMap(portProblem),
  ];
}

function endorsementProblems({ endorsements, departments }: Topology): Problem[] {
  if (endorsements <= departments.length) return [];
  return [
    {
      path: ["endorsements"],
      message: `is ${endorsements}; with ${departments.length} departments it is at most that`,
    },
  ];
}

function bureauProblems({ departments }: Topology): Problem[] {
  const bureaus = departments.flatMap((department, index) => (department.bureau ? [index] : []));
  if (bureaus.length === 0)
    return [{ path: ["departments"], message: "name no data bureau; one department must have bureau: true" }];
  return bureaus.slice(1).map((index) => ({
    path: ["departments", index, "bureau"],
    message: "is true for a second department; there is one data bureau",
  }));
}

function connectorProblems({ node, peers: [peer] }: Department, index: number): Problem[] {
  if (node === undefined || node.connector === "fabric-network" || peer.gateway !== "off") return [];
  const message = "is gateway, but its peer has the Gateway service off; it must be fabric-network";
  return [{ path: ["departments", index, "node", "connector"], message }];
}

function ordererProblems({ consensus, orderers }: Topology): Problem[] {
  const known = new Set(orderers.organisations.map((organisation) => organisation.mspId));
  const problems: Problem[] = orderers.nodes.flatMap((node, index) =>
    known.has(node.organisation)
      ? []
      : [
          {
            path: ["orderers", "nodes", index, "organisation"],
            message: `is "${node.organisation}"; it must be one of ${[...known].join(", ")}`,
          },
        ],
  );
  const count = orderers.nodes.length;
  const path = ["orderers", "nodes"];
  if (consensus === "embedded" && count !== 1)
    problems.push({ path, message: `has ${count} orderers; the embedded network has exactly one` });
  if (consensus === "bft" && count < FEWEST_BFT_ORDERERS)
    problems.push({ path, message: `has ${count} orderers; consensus bft needs at least ${FEWEST_BFT_ORDERERS}` });
  return problems;
}

function batchProblems({ batch }: Topology): Problem[] {
  if (batch.preferredBytes <= batch.absoluteBytes) return [];
  return [
    {
      path: ["batch", "preferredBytes"],
      message: `is ${batch.preferredBytes}; it must be at most absoluteBytes, ${batch.absoluteBytes}`,
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
        present(["departments", index, "peers", at], peer, ["address", "contracts", "operations"]),
      ),
      ...(node ? present(["departments", index, "node"], node, ["api", "exchange"]) : []),
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

function duplicates(occurrences: readonly Occurrence[], what: string): Problem[] {
  const seen = new Set<string>();
  return occurrences.flatMap(({ path, value }) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ path, message: `is "${value}", an ${what} that stands further up already` }];
  });
}

function portProblem({ path, value }: Occurrence): Problem[] {
  const { port } = hostAndPort(value);
  if (port >= 1 && port <= HIGHEST_PORT) return [];
  return [{ path, message: `has port ${port}; ports go from 1 to ${HIGHEST_PORT}` }];
}
