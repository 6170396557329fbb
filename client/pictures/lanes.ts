/** What stands in a picture of lanes. */
export interface Placed {
  readonly id: string;
  /** The department in whose lane it stands. */
  readonly lane: string;
  readonly height: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Lanes {
  readonly places: ReadonlyMap<string, Box>;
  readonly lanes: readonly (Box & { readonly lane: string })[];
}

/** In pixels. */
export const WIDTH = 260;
const BETWEEN_COLUMNS = 80;
const BETWEEN = 16;
/** Above a lane's first row, for its name. */
const LANE_TOP = 34;
const LANE_BOTTOM = 14;
const MARGIN = 16;
/** One below the other; what a department has more in one column stands beside them, or the picture would be a thread. */
const MOST_ROWS = 12;

/**
 * Left to right, each a column behind all that it was made from, each in its department's lane. A layered layout knows no
 * lanes: it orders each column over all departments. So places follow from columns and lanes, and within a lane a column is
 * ordered by where its sources stand. A circle, which no ledger holds, ends where it began.
 */
export function inLanes(nodes: readonly Placed[], arrows: readonly Arrow[]): Lanes {
  const columns = columnsOf(nodes, arrows);
  const sources = new Map<string, string[]>();
  for (const { from, to } of arrows) sources.set(to, [...(sources.get(to) ?? []), from]);
  const order = [...nodes].sort((a, b) => (columns.get(a.id) ?? 0) - (columns.get(b.id) ?? 0));
  const names = [...new Set(order.map(({ lane }) => lane))];
  const cells = new Map<string, Placed[]>();
  for (const node of order) {
    const key = `${columns.get(node.id) ?? 0} ${node.lane}`;
    cells.set(key, [...(cells.get(key) ?? []), node]);
  }
  const last = Math.max(0, ...columns.values());
  const heights = new Map(names.map((lane) => [lane, laneHeight(lane, last, cells)]));
  const tops = new Map<string, number>();
  let top = 0;
  for (const lane of names) {
    tops.set(lane, top);
    top += heights.get(lane) ?? 0;
  }
  const places = new Map<string, Box>();
  const middle = (id: string) => {
    const of = (sources.get(id) ?? []).flatMap((source) => places.get(source) ?? []);
    return of.length === 0
      ? Number.MAX_SAFE_INTEGER
      : of.reduce((sum, { y, height }) => sum + y + height / 2, 0) / of.length;
  };
  let left = MARGIN;
  for (let column = 0; column <= last; column += 1) {
    let beside = 1;
    for (const lane of names) {
      const cell = (cells.get(`${column} ${lane}`) ?? []).map((node) => ({ node, at: middle(node.id) }));
      const ordered = cell.sort((a, b) => a.at - b.at).map(({ node }) => node);
      const stacks = stacked(ordered);
      beside = Math.max(beside, stacks.length);
      for (const [at, stack] of stacks.entries()) {
        let y = (tops.get(lane) ?? 0) + LANE_TOP;
        for (const { id, height } of stack) {
          places.set(id, { x: left + at * (WIDTH + BETWEEN), y, width: WIDTH, height });
          y += height + BETWEEN;
        }
      }
    }
    left += beside * (WIDTH + BETWEEN) - BETWEEN + BETWEEN_COLUMNS;
  }
  const width = left - BETWEEN_COLUMNS + MARGIN;
  return {
    places,
    lanes: names.map((lane) => ({ lane, x: 0, y: tops.get(lane) ?? 0, width, height: heights.get(lane) ?? 0 })),
  };
}

/** How many steps each is behind the first of its sources: the longest way counts. */
function columnsOf(nodes: readonly Placed[], arrows: readonly Arrow[]): ReadonlyMap<string, number> {
  const known = new Set(nodes.map(({ id }) => id));
  const products = new Map<string, string[]>();
  const waiting = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { from, to } of arrows) {
    if (!known.has(from) || !known.has(to)) continue;
    products.set(from, [...(products.get(from) ?? []), to]);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const columns = new Map(nodes.map(({ id }) => [id, 0]));
  const ready = nodes.map(({ id }) => id).filter((id) => waiting.get(id) === 0);
  for (const id of ready) {
    for (const product of products.get(id) ?? []) {
      columns.set(product, Math.max(columns.get(product) ?? 0, (columns.get(id) ?? 0) + 1));
      const left = (waiting.get(product) ?? 0) - 1;
      waiting.set(product, left);
      if (left === 0) ready.push(product);
    }
  }
  return columns;
}

function stacked(cell: readonly Placed[]): Placed[][] {
  const stacks: Placed[][] = [];
  for (let at = 0; at < cell.length; at += MOST_ROWS) stacks.push(cell.slice(at, at + MOST_ROWS));
  return stacks;
}

const heightOf = (stack: readonly Placed[]): number => stack.reduce((sum, { height }) => sum + height + BETWEEN, 0);

function laneHeight(lane: string, last: number, cells: ReadonlyMap<string, readonly Placed[]>): number {
  let most = 0;
  for (let column = 0; column <= last; column += 1) {
    const cell = cells.get(`${column} ${lane}`) ?? [];
    // In whatever order they come to stand, a stack is no higher than one of the highest.
    const highest = [...cell].sort((a, b) => b.height - a.height);
    most = Math.max(most, heightOf(highest.slice(0, MOST_ROWS)));
  }
  return LANE_TOP + most + LANE_BOTTOM;
}
