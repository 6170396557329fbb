import "@xyflow/react/dist/style.css";
import { useNavigate } from "@tanstack/react-router";
import { inLanes, type Lanes } from "@wanlian/client/pictures/index.js";
import { type Edge, MarkerType, type Node, Position, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { useColours } from "../../app/colours.ts";
import { useWords } from "../../app/language.ts";
import { type CaseGraph, type GraphCase, nameOf } from "../../session/graph.ts";
import { useDepartments } from "../../session/ledger.ts";
import { laneNode } from "../pictures/lane-node.ts";
import { useSubject } from "./subject.tsx";

/** Of one case on the picture, in pixels: room for two lines. */
const HEIGHT = 64;

/**
 * What refers to what, left to right as it was begun, departments as lanes. Whoever cannot see it has the same in the
 * table beside it.
 */
export default function CaseGraphPicture({ graph, root }: { readonly graph: CaseGraph; readonly root: string }) {
  const { t, words } = useWords();
  const subject = useSubject();
  const colours = useColours();
  const departments = useDepartments();
  const navigate = useNavigate();
  const lanes = useMemo(() => lanesOf(graph), [graph]);
  const label = ({ noun, case: id, status, state }: GraphCase) =>
    `${words.noun(noun)} ${subject(noun, id, state)}\n${words.state(noun, status)}`;
  return (
    <div className="graph" role="img" aria-label={t("trace.graph")}>
      <ReactFlow
        nodes={[
          ...lanes.lanes.map((lane): Node => laneNode(lane, departments.get(lane.lane) ?? lane.lane)),
          ...[...graph.cases.values()].map((one): Node => nodeOf(one, lanes, label(one), root)),
        ]}
        edges={graph.links.map(edgeOf)}
        colorMode={colours}
        fitView
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, { id }) => {
          const found = graph.cases.get(id);
          if (found !== undefined)
            void navigate({ to: "/cases/$noun/$", params: { noun: found.noun, _splat: found.case } });
        }}
      />
    </div>
  );
}

/** What refers to a case was begun after it, or was told of it later: the one that was begun first stands left. */
function lanesOf({ cases, links }: CaseGraph): Lanes {
  const order = new Map([...cases.values()].sort(byBeginning).map((one, at) => [nameOf(one), at]));
  const inOrder = links.map(({ from, to }) =>
    (order.get(from) ?? 0) < (order.get(to) ?? 0) ? { from, to } : { from: to, to: from },
  );
  const nodes = [...cases.values()].map((one) => ({ id: nameOf(one), lane: one.department, height: HEIGHT }));
  return inLanes(nodes, inOrder);
}

const byBeginning = (a: GraphCase, b: GraphCase): number => a.opened - b.opened || (nameOf(a) < nameOf(b) ? -1 : 1);

function nodeOf(one: GraphCase, { places }: Lanes, label: string, root: string): Node {
  const id = nameOf(one);
  const { x = 0, y = 0, width = 0, height = 0 } = places.get(id) ?? {};
  return {
    id,
    data: { label },
    position: { x, y },
    ...{ width, height, sourcePosition: Position.Left, targetPosition: Position.Right },
    className: id === root ? "graph-case graph-root" : "graph-case",
  };
}

const edgeOf = ({ from, to }: { readonly from: string; readonly to: string }): Edge => ({
  id: `${from} ${to}`,
  source: from,
  target: to,
  markerEnd: { type: MarkerType.ArrowClosed },
});
