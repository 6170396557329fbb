import { NetworkError } from "@wanlian/network/error.js";
import { PILOT_DEPARTMENTS, pilotDepartment } from "@wanlian/network/topology/pilot.js";
import { type Connector, type Department, hostAndPort, type Topology } from "@wanlian/network/topology/topology.js";

/** The department that joins next, where nobody says which. */
export function nextDepartment({ departments }: Topology): string {
  const next = PILOT_DEPARTMENTS.find(({ mspId }) => !departments.some((present) => present.mspId === mspId));
  if (!next)
    throw new NetworkError("INVALID_TOPOLOGY", {
      zh: `试点的 ${PILOT_DEPARTMENTS.length} 个部门都已参加。`,
      en: `All ${PILOT_DEPARTMENTS.length} departments of the pilot take part already.`,
    });
  return next.mspId;
}

/** A department of the pilot with the ports that are its own. */
export function departmentOf(mspId: string, topology: Topology): Department {
  const index = PILOT_DEPARTMENTS.findIndex((department) => department.mspId === mspId);
  if (index !== -1) return pilotDepartment(index, firstPort(topology), connectorOf(topology));
  const known = PILOT_DEPARTMENTS.map((department) => department.mspId);
  throw new NetworkError(
    "INVALID_TOPOLOGY",
    {
      zh: `试点中没有部门 ${mspId}；有 ${known.join("、")}。`,
      en: `The pilot has no department ${mspId}; it has ${known.join(", ")}.`,
    },
    { details: { mspId, known } },
  );
}

/** How a pilot's nodes reach the ledger: all alike. */
export function connectorOf({ departments }: Topology): Connector {
  return departments[0]?.node?.connector ?? "gateway";
}

/** The lowest port of the pilot is its first orderer's. */
function firstPort({ orderers }: Topology): number {
  const [first] = orderers.nodes;
  if (!first)
    throw new NetworkError("INVALID_TOPOLOGY", { zh: "拓扑中没有排序节点。", en: "The topology has no orderer." });
  return hostAndPort(first.address).port;
}
