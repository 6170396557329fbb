import "@xyflow/react/dist/style.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Edge, MarkerType, type Node, Position, ReactFlow } from "@xyflow/react";
import ELK from "elkjs/lib/elk.bundled.js";
import { useColours } from "../../app/colours.ts";
import { useWords } from "../../app/language.ts";
import { type CaseGraph, type GraphCase, nameOf } from "../../session/graph.ts";
import { Asked } from "../asked.tsx";
import { useSubject } from "./subject.tsx";

/** Of one case on the picture, in pixels: room for two lines. */
const WIDTH = 220;
const HEIGHT = 64;

const LAYOUT = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "72",
  "elk.spacing.nodeNode": "24",
};

/** What refers to what, as a picture. Whoever cannot see it has the same in the table beside it. */
export default function CaseGraphPicture({ graph, root }: { readonly graph: CaseGraph; readonly root: string }) {
  const { t, words } = useWords();
  const subject = useSubject();
  const colours = useColours();
  const navigate = useNavigate();
  const placed = useQuery({
    queryKey: ["graph-layout", [...graph.cases.keys()], graph.links],
    staleTime: Infinity,
    queryFn: () => layout(graph),
  });
  const label = ({ noun, case: id, status, state }: GraphCase) =>
    `${words.noun(noun)} ${subject(noun, id, state)}\n${words.state(noun, status)}`;
  return (
    <Asked query={placed}>
      {(places) => (
        <div className="graph" role="img" aria-label={t("trace.graph")}>
          <ReactFlow
            nodes={[...graph.cases.values()].map((one): Node => nodeOf(one, places, label(one), root))}
            edges={graph.links.map(edgeOf)}
            colorMode={colours}
            fitView
            minZoom={0.2}
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
      )}
    </Asked>
  );
}

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

async function layout({ cases, links }: CaseGraph): Promise<Places> {
  const laid = await new ELK().layout({
    id: "root",
    layoutOptions: LAYOUT,
    children: [...cases.keys()].map((id) => ({ id, width: WIDTH, height: HEIGHT })),
    edges: links.map(({ from, to }) => ({ id: `${from} ${to}`, sources: [from], targets: [to] })),
  });
  return new Map((laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}

function nodeOf(one: GraphCase, places: Places, label: string, root: string): Node {
  const id = nameOf(one);
  return {
    id,
    data: { label },
    position: places.get(id) ?? { x: 0, y: 0 },
    width: WIDTH,
    height: HEIGHT,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    className: id === root ? "graph-case graph-root" : "graph-case",
  };
}

const edgeOf = ({ from, to }: { readonly from: string; readonly to: string }): Edge => ({
  id: `${from} ${to}`,
  source: from,
  target: to,
  markerEnd: { type: MarkerType.ArrowClosed },
});
