import type { CaseSummary } from "../read/index.js";
import type { JudgedGraph, JudgedRelease } from "./marks.js";
import type { LineageLink } from "./release.js";

/** A release or a product as its row and what it says of its sources have it. */
export interface KnownRelease {
  readonly id: string;
  readonly status: string;
  readonly said: readonly { readonly source: string; readonly how: LineageLink["how"] | "explained" }[];
}

/** What decides on the marks of the releases asked about, but for how objections are read. */
export interface Surroundings extends Omit<JudgedGraph, "objections"> {
  readonly objections: readonly CaseSummary[];
  /** Whether all of it is there. */
  readonly complete: boolean;
}

interface Node extends JudgedRelease {
  readonly sources: Node[];
  readonly products: Node[];
  readonly replacedBy: Node[];
  isWithdrawn: boolean;
  isCorrected: boolean;
  explained: readonly string[];
  /** Otherwise it is only named as a source. */
  isRegistered: boolean;
}

/** Every release and product with its sources, in memory: a hundred thousand take some forty megabytes. */
export class ReleaseGraph {
  readonly #nodes = new Map<string, Node>();
  readonly #objections = new Map<string, Map<string, CaseSummary>>();

  get size(): number {
    return this.#nodes.size;
  }

  /** What a registration says of sources stays; status and explanations are taken anew. */
  take({ id, status, said }: KnownRelease): void {
    const node = this.#node(id);
    node.isWithdrawn = status === "withdrawn";
    node.explained = said.filter(({ how }) => how === "explained").map(({ source }) => source);
    if (node.isRegistered) return;
    node.isRegistered = true;
    for (const { source, how } of said) {
      if (how === "explained") continue;
      const earlier = this.#node(source);
      if (how === "derived") {
        node.sources.push(earlier);
        earlier.products.push(node);
      } else {
        earlier.replacedBy.push(node);
        earlier.isCorrected ||= how === "corrected";
      }
    }
  }

  /** @param releases what the objection is to, and what corrects it */
  takeObjection(objection: CaseSummary, releases: readonly string[]): void {
    for (const release of releases) {
      const known = this.#objections.get(release) ?? new Map<string, CaseSummary>();
      this.#objections.set(release, known.set(objection.case, objection));
    }
  }

  /** Some releases, those that take their place one after the other, and the sources of all of these: so many at most. */
  around(ids: readonly string[], most: number): Surroundings {
    const registered = ids.flatMap((id) => {
      const node = this.#nodes.get(id);
      return node?.isRegistered === true ? [node] : [];
    });
    const asked = registered.slice(0, most);
    const known = new Set(asked);
    let complete = asked.length === registered.length && grow(known, ({ replacedBy }) => replacedBy, most);
    complete = grow(known, ({ sources }) => sources, most) && complete;
    return { asked, known, complete, find: (id) => this.#nodes.get(id), objections: this.#objectionsTo(known) };
  }

  /** Fewer releases were objected to than an answer looks at. */
  #objectionsTo(nodes: ReadonlySet<Node>): CaseSummary[] {
    const found = new Map<string, CaseSummary>();
    for (const [release, objections] of this.#objections) {
      const node = this.#nodes.get(release);
      if (node === undefined || !nodes.has(node)) continue;
      for (const [id, objection] of objections) found.set(id, objection);
    }
    return [...found.values()].sort((a, b) => a.opened.block - b.opened.block || (a.case < b.case ? -1 : 1));
  }

  #node(id: string): Node {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const made: Node = {
      ...{ id, sources: [], products: [], replacedBy: [], explained: [] },
      ...{ isRegistered: false, isWithdrawn: false, isCorrected: false },
    };
    this.#nodes.set(id, made);
    return made;
  }
}

/** Adds what nodes lead to, those added included; so many in all. False where there is more. */
function grow(nodes: Set<Node>, next: (node: Node) => readonly Node[], most: number): boolean {
  for (const node of nodes) {
    for (const one of next(node)) {
      if (nodes.size >= most && !nodes.has(one)) return false;
      nodes.add(one);
    }
  }
  return true;
}
