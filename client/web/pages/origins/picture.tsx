import "@xyflow/react/dist/style.css";
import { inLanes, type Lanes } from "@wanlian/client/pictures/index.js";
import { ratioText } from "@wanlian/words/index.js";
import { type Edge, type FitViewOptions, MarkerType, type Node, Position, ReactFlow } from "@xyflow/react";
import { useMemo, useState } from "react";
import { useColours } from "../../app/colours.ts";
import { useWords } from "../../app/language.ts";
import { laneNode } from "../../parts/pictures/lane-node.ts";
import { useDepartments } from "../../session/ledger.ts";
import { type Entry, followed, type Lineage, lowest, MOST_FIELDS, openObjections } from "./entries.ts";

/** Of one release, in pixels: three lines; each field is a line more. */
const HEIGHT = 84;
const FIELD_HEIGHT = 20;

/** A lineage as lanes of departments, left to right. Whoever cannot see it has the same in the table below. */
export default function LineagePicture({ lineage }: { readonly lineage: Lineage }) {
  const { t } = useWords();
  const colours = useColours();
  const departments = useDepartments();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const way = useMemo(() => followed(lineage), [lineage]);
  const isOpen = (id: string) => open.has(id) || way.has(id);
  const lanes = useMemo(() => {
    const height = ({ release, fields }: Entry) =>
      open.has(release) || way.has(release) ? HEIGHT + FIELD_HEIGHT * Math.min(fields.length, MOST_FIELDS + 1) : HEIGHT;
    const nodes = lineage.releases.map((one) => ({ id: one.release, lane: one.provider, height: height(one) }));
    return inLanes(nodes, lineage.links);
  }, [lineage, open, way]);
  const nodes = [
    ...lanes.lanes.map((lane): Node => laneNode(lane, departments.get(lane.lane) ?? lane.lane)),
    ...lineage.releases.map((one): Node => {
      const label = (
        <Label
          entry={one}
          lineage={lineage}
          fields={isOpen(one.release) ? (way.get(one.release) ?? NONE) : undefined}
        />
      );
      return releaseNode(one, lanes, label, one.release === lineage.release);
    }),
  ];
  return (
    <div className="graph" role="img" aria-label={t("lineage.picture")}>
      <ReactFlow
        nodes={nodes}
        edges={lineage.links.map(edgeOf)}
        colorMode={colours}
        fitView
        fitViewOptions={beginning(lineage)}
        minZoom={0.01}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, { id }) => setOpen((before) => toggled(before, id))}
      />
    </div>
  );
}

const NONE: ReadonlySet<string> = new Set();

/** More than these seen at once are no picture that anybody reads, and draw for seconds. */
const MOST_AT_FIRST = 120;

/** A large lineage begins with what was asked for in the middle; from there one goes on, and out. */
const beginning = ({ release, releases }: Lineage): FitViewOptions =>
  releases.length <= MOST_AT_FIRST ? {} : { nodes: [{ id: release }], maxZoom: 0.6 };

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(id)) after.add(id);
  return after;
}

interface LabelProps {
  readonly entry: Entry;
  readonly lineage: Lineage;
  /** Present where it is open: those of its fields that are on the way of the one that is followed. */
  readonly fields: ReadonlySet<string> | undefined;
}

function Label({ entry, lineage, fields }: LabelProps) {
  const { t, words } = useWords();
  const ratio = lowest(entry);
  const objections = openObjections(lineage, entry);
  const facts = [
    ...(entry.mark === "none" ? [] : [words.value("mark", entry.mark)]),
    ...(ratio === undefined ? [] : [`${t("lineage.quality")} ${ratioText(ratio)}`]),
    ...(objections === 0 ? [] : [`${t("lineage.objections")} ${objections}`]),
  ];
  const kind = entry.product === undefined ? words.noun(entry.noun) : words.value("kind", entry.product.kind);
  return (
    <div className="lineage-label">
      <strong>{entry.name}</strong>
      <div>
        {kind} {entry.release.slice(0, 8)}
      </div>
      <div>{facts.join(" · ")}</div>
      {fields === undefined
        ? null
        : entry.fields.slice(0, MOST_FIELDS).map((field) => (
            <div key={field} className={fields.has(field) ? "lineage-field lineage-way" : "lineage-field"}>
              {field}
            </div>
          ))}
      {fields !== undefined && entry.fields.length > MOST_FIELDS ? <div className="lineage-field">…</div> : null}
    </div>
  );
}

function releaseNode({ release, mark }: Entry, { places }: Lanes, label: React.ReactNode, isRoot: boolean): Node {
  const { x = 0, y = 0, width = 0, height = 0 } = places.get(release) ?? {};
  return {
    id: release,
    data: { label },
    position: { x, y },
    ...{ width, height, sourcePosition: Position.Right, targetPosition: Position.Left },
    className: `graph-case lineage-${mark}${isRoot ? " graph-root" : ""}`,
  };
}

const edgeOf = ({ from, to, how }: Lineage["links"][number]): Edge => ({
  id: `${from} ${to} ${how}`,
  source: from,
  target: to,
  markerEnd: { type: MarkerType.ArrowClosed },
  // What takes the place of another was not made from it.
  ...(how === "derived" ? {} : { className: "lineage-revision" }),
});
