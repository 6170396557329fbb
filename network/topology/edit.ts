import { parseDocument } from "yaml";
import { NetworkError } from "../error.js";
import { writeWhole } from "../processes/files.js";
import { contentOf, parseTopology } from "./read.js";
import type { Department, Topology } from "./topology.js";

/** Writes a department into a topology file, unless it stands there; what else the file holds, comments included, stays. */
export async function writeDepartment(file: string, department: Department): Promise<Topology> {
  return edit(file, (topology, document) => {
    if (!topology.departments.some(({ mspId }) => mspId === department.mspId))
      document.addIn(["departments"], document.createNode(department));
  });
}

/** Takes a department out of a topology file. Throws `INVALID_TOPOLOGY` for the data bureau. */
export async function eraseDepartment(file: string, mspId: string): Promise<Topology> {
  return edit(file, (topology, document) => {
    const index = topology.departments.findIndex((department) => department.mspId === mspId);
    if (topology.departments[index]?.bureau)
      throw new NetworkError(
        "INVALID_TOPOLOGY",
        {
          zh: `${mspId} 是数据局，不能退出它所主管的通道。`,
          en: `${mspId} is the data bureau; it cannot leave the channel it supervises.`,
        },
        { details: { mspId } },
      );
    if (index !== -1) document.deleteIn(["departments", index]);
  });
}

/** Changes a topology file. What comes out is checked before it is written. */
async function edit(
  file: string,
  change: (topology: Topology, document: ReturnType<typeof parseDocument>) => void,
): Promise<Topology> {
  const text = await contentOf(file);
  const document = parseDocument(text);
  change(await parseTopology(text, file), document);
  const changed = document.toString();
  const topology = await parseTopology(changed, file);
  if (changed !== text) await writeWhole(file, changed);
  return topology;
}
