import type { Lanes } from "@wanlian/client/pictures/index.js";
import type { Node } from "@xyflow/react";

/** A department's lane behind what stands in it. */
export function laneNode({ lane, x, y, width, height }: Lanes["lanes"][number], label: string): Node {
  return {
    id: `lane ${lane}`,
    data: { label },
    position: { x, y },
    ...{ width, height, zIndex: -1, selectable: false, connectable: false },
    className: "lineage-lane",
  };
}
