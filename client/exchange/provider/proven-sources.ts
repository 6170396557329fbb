import type { DatasetId, Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { ExchangeError } from "../../core/index.js";
import { RowTree } from "../../tables/index.js";
import type { SourceList } from "../sources/source-list.js";
import { ProvenSource } from "./proven-source.js";

/** Each holds a file open. */
const MAX_OPEN = 256;

/** A release's data was changed since it was registered: for the steward, who has to register a new one. */
export interface ChangedSource {
  readonly dataset: DatasetId;
  readonly release: TransactionId;
}

/** What a release is known by. */
interface WantedRelease extends ChangedSource {
  readonly rowRoot: Digest;
}

/** The releases' data as this node serves it. */
export class ProvenSources {
  readonly #sources: SourceList;
  readonly #told: (changed: readonly ChangedSource[]) => void;
  /** By release: found changed, and not found whole since. */
  readonly #changed = new Map<TransactionId, ChangedSource>();
  readonly #open = new Map<Digest, ProvenSource>();

  /** @param told of all whose source is not their release, whenever these are others */
  constructor(sources: SourceList, told: (changed: readonly ChangedSource[]) => void) {
    this.#sources = sources;
    this.#told = told;
  }

  /** Reads one. @throws ExchangeError SOURCE_MISSING; as `read` does */
  async use<T>(wanted: WantedRelease, read: (source: ProvenSource) => Promise<T>): Promise<T> {
    try {
      const result = await read(await this.find(wanted));
      if (this.#changed.delete(wanted.release)) this.#tell();
      return result;
    } catch (error) {
      if (error instanceof ExchangeError && error.code === "SOURCE_DIFFERS") this.tellChanged(wanted);
      throw error;
    }
  }

  /** @throws ExchangeError SOURCE_MISSING */
  async find({ dataset, rowRoot }: WantedRelease): Promise<ProvenSource> {
    const { source, rows } = await this.#sources.find(dataset, rowRoot);
    const open = this.#open.get(rowRoot);
    if (open?.isOf(source) === true) return open;
    const tree = await RowTree.open(rows);
    if (tree.release.rowRoot !== rowRoot) {
      tree.close();
      throw new ExchangeError("SOURCE_MISSING", `${rows} is the tree of another release`);
    }
    const proven = new ProvenSource(source, tree);
    this.#open.get(rowRoot)?.tree.close();
    this.#open.set(rowRoot, proven);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#close(oldest);
    return proven;
  }

  tellChanged({ dataset, release }: ChangedSource): void {
    if (this.#changed.has(release)) return;
    this.#changed.set(release, { dataset, release });
    this.#tell();
  }

  close(): void {
    for (const rowRoot of this.#open.keys()) this.#close(rowRoot);
  }

  #tell(): void {
    this.#told([...this.#changed.values()]);
  }

  #close(rowRoot: Digest): void {
    this.#open.get(rowRoot)?.tree.close();
    this.#open.delete(rowRoot);
  }
}
