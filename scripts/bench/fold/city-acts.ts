import { generateKeyPairSync } from "node:crypto";
import { openingPolicy } from "@wanlian/client/opening";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { consistencyProof, GrowingTree, leafHash, type NodeId } from "@wanlian/model/merkle.js";
import { formatVerifierKey, type NoteSigner, noteSigner } from "@wanlian/model/note.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { addSeconds, dayOf } from "@wanlian/model/time/instant.js";
import { catalogueEntry } from "../../story/chapters/catalogue.js";
import { CHANNEL, type PaperLedger } from "./paper-ledger.js";

/** The version of the rules that its channel is opened with. */
const MODEL = 2;
export const OPENED = "2026-03-02T00:00:00Z" as Instant;
const ROUND_SECONDS = 300;
/** A city's catalogue grows to some hundreds of entries; after that they are revised. */
const MOST_DATASETS = 300;
/** Half of all applications want the same few datasets: population, companies, addresses. */
const POPULAR_DATASETS = 3;
const RECORDS_BETWEEN_ANCHORS = 20;

type Post = "steward" | "user" | "administrator" | "node";

interface Filing {
  readonly noun: string;
  readonly type: string;
  readonly case?: string | null;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A case that awaits its next act. */
interface Open {
  readonly id: string;
  readonly provider: string;
  readonly consumer: string;
  readonly dataset: string;
}

/**
 * What departments file, round after round of five minutes: a tick, accesses' anchors, and cases of every noun, each
 * taken up again some rounds after it began, by those whose turn it is. The same for every run, but for keys and ids.
 */
export class CityActs {
  readonly #ledger: PaperLedger;
  readonly #departments: readonly string[];
  readonly #logs = new Map<string, { readonly tree: PaperLog; readonly signer: NoteSigner }>();
  readonly #datasets: string[] = [];
  readonly #releases: { readonly id: string; readonly dataset: string }[] = [];
  readonly #applied: Open[] = [];
  readonly #granted: Open[] = [];
  readonly #objections: Open[] = [];
  #time = OPENED;
  #round = 0;
  #made: Uint8Array[] = [];

  /** @param departments the first is the bureau */
  constructor(ledger: PaperLedger, departments: readonly string[]) {
    this.#ledger = ledger;
    this.#departments = departments;
  }

  /** The channel's beginning: policy 1, clock 1, members, logs. @returns blocks with an act each, as all of these do */
  async open(): Promise<Uint8Array[]> {
    const bureau = this.#at(0);
    const policy = openingPolicy({ departments: this.#departments, opened: OPENED, clock: "demo", model: MODEL });
    await this.#file(bureau, "administrator", { noun: "policy", type: "open", body: policy });
    await this.#tick();
    for (const department of this.#departments) {
      const body = { name: department, level: "municipal", head: "1", deputy: "2", stewards: ["3"] };
      await this.#file(department, "administrator", { noun: "member", type: "join", body });
      const signer = noteSigner(`${CHANNEL}/log/${department}`, generateKeyPairSync("ed25519").privateKey);
      const announced = { key: formatVerifierKey(signer.key), checkpoint: signCheckpoint(EMPTY_TREE, signer) };
      await this.#file(department, "node", { noun: "log", type: "open", case: department, body: announced });
      this.#logs.set(department, { tree: new PaperLog(), signer });
    }
    return this.#taken();
  }

  /** The next round. */
  async round(): Promise<Uint8Array[]> {
    this.#round += 1;
    await this.#tick();
    await this.#catalogue();
    await this.#applications();
    await this.#uses();
    await this.#objectionsNow();
    await this.#others();
    await this.#anchor();
    return this.#taken();
  }

  async #tick(): Promise<void> {
    this.#time = addSeconds(this.#time, ROUND_SECONDS);
    await this.#file(this.#at(this.#round), "node", { noun: "clock", type: "tick", body: { time: this.#time } });
  }

  async #catalogue(): Promise<void> {
    const provider = this.#at(this.#round);
    if (this.#datasets.length < MOST_DATASETS) {
      const entry = entryOf(`set-${this.#datasets.length + 1}`, this.#datasets.length % 5 === 4);
      const { case: id } = await this.#file(provider, "steward", { noun: "dataset", type: "register", body: entry });
      this.#datasets.push(id);
    } else if (this.#every(4)) {
      const id = pick(this.#datasets, this.#round);
      const { code: _code, ...content } = entryOf("", isOpen(id));
      const body = { ...content, abstract: `as of round ${this.#round}`, changes: "wording" };
      await this.#file(providerOf(id), "steward", { noun: "dataset", type: "revise", case: id, body });
    }
    const dataset = pick(this.#datasets, 7 * this.#round);
    const { case: id } = await this.#file(providerOf(dataset), "steward", {
      ...{ noun: "release", type: "register", body: releaseOf(dataset, this.#round) },
    });
    this.#releases.push({ id, dataset });
  }

  async #applications(): Promise<void> {
    for (const wanted of [this.#round % POPULAR_DATASETS, 3 * this.#round]) {
      const dataset = pick(this.#datasets, wanted);
      const provider = providerOf(dataset);
      const consumer = this.#other(provider, this.#round);
      const type = isOpen(dataset) ? "claim" : "apply";
      const body = { ...this.#wish(dataset), ...(type === "apply" ? { kind: "ordinary" } : {}) };
      const { case: id } = await this.#file(consumer, "user", { noun: "application", type, body });
      const open = { id, provider, consumer, dataset };
      if (type === "claim") this.#granted.push(open);
      else this.#applied.push(open);
    }
    while (this.#applied.length > 10) {
      const { id, provider, dataset } = this.#applied.shift() as Open;
      const step = (type: string, body: Filing["body"]) =>
        this.#file(provider, "steward", { noun: "application", type, case: id, body });
      if (this.#every(9)) {
        await step("refuse", { dataset, reasons: note(id), basis: LEGAL_BASIS });
        continue;
      }
      const { fields, from, to, frequency } = this.#wish(dataset);
      await step("grant", { dataset, fields, from, to, frequency });
      this.#granted.push({ id, provider, dataset, consumer: "" });
    }
  }

  async #uses(): Promise<void> {
    if (this.#granted.length === 0) return;
    const { id } = pick(this.#granted, 11 * this.#round);
    const today = dayOf(this.#time);
    const step = (who: string, post: Post, type: string, body: Filing["body"] = {}) =>
      this.#file(who, post, { noun: "application", type, case: id, body });
    const { consumer, provider } = this.#ledger.heads({ noun: "application", case: id }).state as unknown as Open;
    const status = this.#ledger.heads({ noun: "application", case: id }).state?.status;
    if (status === "suspended") await step(provider, "steward", "resume");
    else if (status === "granted" && this.#every(8)) await step(provider, "steward", "suspend", { reasons: note(id) });
    else if (status === "granted") {
      await step(consumer, "user", "reportUse", { from: today, to: today, calls: 3, rows: 9, effect: note(id) });
    }
  }

  async #objectionsNow(): Promise<void> {
    if (this.#every(3)) {
      const { id: release, dataset } = pick(this.#releases, 5 * this.#round);
      const provider = providerOf(dataset);
      const consumer = this.#other(provider, this.#round);
      const { case: id } = await this.#file(consumer, "user", {
        ...{ noun: "objection", type: "raise" },
        body: {
          ...{ dataset, release, dimension: "accuracy", fields: ["code"], rowCount: 2, rows: [7, 8] },
          ...{ evidence: note(release).digest, claim: note(dataset) },
        },
      });
      this.#objections.push({ id, provider, consumer, dataset });
    }
    if (this.#objections.length < 5) return;
    const { id, provider, consumer } = this.#objections[0] as Open;
    const step = (who: string, post: Post, type: string, body: Filing["body"] = {}) =>
      this.#file(who, post, { noun: "objection", type, case: id, body });
    const status = this.#ledger.heads({ noun: "objection", case: id }).state?.status;
    if (status === "raised") await step(provider, "steward", "accept");
    else if (status === "verifying") {
      await step(provider, "steward", "conclude", { outcome: "unsubstantiated", reasons: note(id) });
    } else {
      await step(consumer, "user", "confirm");
      this.#objections.shift();
    }
  }

  async #others(): Promise<void> {
    const one = this.#at(this.#round);
    const other = this.#other(one, this.#round);
    const dataset = pick(this.#datasets, 13 * this.#round);
    const user = this.#other(providerOf(dataset), this.#round);
    if (this.#every(5)) {
      const body = { dataset, suggestion: note(dataset) };
      const { case: id } = await this.#file(user, "user", { noun: "suggestion", type: "make", body });
      const answer = { decision: "adopted", reasons: note(id) };
      await this.#file(providerOf(dataset), "steward", { noun: "suggestion", type: "answer", case: id, body: answer });
    }
    if (this.#every(7)) {
      const asked = { name: "births", description: "births by day", purpose: "analysis", duty: "planning" };
      const body = { ...asked, addressee: providerOf(dataset) };
      const { case: id } = await this.#file(user, "user", { noun: "demand", type: "publish", body });
      await this.#file(providerOf(dataset), "steward", { noun: "demand", type: "match", case: id, body: { dataset } });
    }
    if (this.#every(40)) {
      const period = { from: this.#time, to: addSeconds(this.#time, 90 * 86_400), reason: "yearly audit" };
      const scope = { datasets: [], departments: [other] };
      const bureau = this.#at(0);
      const body = { department: bureau, officer: "0104", scope, ...period };
      const { case: id } = await this.#file(bureau, "administrator", { noun: "mandate", type: "appoint", body });
      if (this.#every(80)) {
        await this.#file(bureau, "administrator", { noun: "mandate", type: "revoke", case: id });
      }
    }
    if (this.#every(60)) {
      const officers = { name: one, level: "municipal", head: "1", deputy: "2", stewards: [String(this.#round)] };
      await this.#file(one, "administrator", { noun: "member", type: "update", case: one, body: officers });
    }
    if (this.#every(90)) {
      const body = { kind: "admit", subject: "RailMSP", name: "railway" };
      const motion = await this.#file(one, "administrator", { noun: "consortium", type: "propose", body });
      const withdrawn = { motion: motion.number };
      await this.#file(one, "administrator", { noun: "consortium", type: "withdraw", body: withdrawn });
    }
  }

  /** Each department's log grows and is anchored in its turn. */
  async #anchor(): Promise<void> {
    const department = this.#at(this.#round);
    const log = this.#logs.get(department);
    if (log === undefined) return;
    const { checkpoint, consistency } = log.tree.grow(RECORDS_BETWEEN_ANCHORS, log.signer);
    const ledger = { blocks: this.#round, root: note(String(this.#round)).digest };
    const body = { checkpoint, consistency, ledger };
    await this.#file(department, "node", { noun: "log", type: "anchor", case: department, body });
  }

  #wish(dataset: string) {
    const today = dayOf(this.#time);
    return {
      ...{ dataset, fields: ["code", "name"], purpose: "verification", scenario: `business ${this.#round}` },
      ...{ duty: "the department's duty", from: today, to: "2026-12-31", frequency: { calls: 1000, per: "day" } },
    };
  }

  async #file(department: string, post: Post, { noun, type, case: id, body }: Filing): Promise<Act> {
    const clerk = await this.#ledger.clerk(department, post === "node" ? "node" : NUMBERS[post], post);
    const { act, block } = this.#ledger.file(clerk, { noun, type, case: id ?? null, body: { ...body } });
    this.#made.push(block);
    return act;
  }

  #taken(): Uint8Array[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  #every(rounds: number): boolean {
    return this.#round % rounds === 0;
  }

  #at(place: number): string {
    return pick(this.#departments, place);
  }

  #other(than: string, place: number): string {
    const others = this.#departments.filter((department) => department !== than);
    return pick(others, place);
  }
}

const NUMBERS = { steward: "0101", user: "0102", administrator: "0103" } as const;
const FIELDS = ["code", "name", "level", "parent"];
const LEGAL_BASIS = "wanzhengban-2022-69";

/** A log of records that nobody made: its tree alone. */
class PaperLog {
  readonly #tree = new GrowingTree();
  readonly #nodes = new Map<string, Uint8Array>();

  grow(records: number, signer: NoteSigner): { readonly checkpoint: string; readonly consistency: string[] } {
    const name = ({ level, index }: NodeId) => `${level}/${index}`;
    const from = this.#tree.size;
    for (let made = 0; made < records; made += 1) {
      const leaf = leafHash(Buffer.from(String(this.#tree.size)));
      this.#tree.append(leaf, (node, hash) => this.#nodes.set(name(node), hash));
    }
    const { size } = this.#tree;
    const read = (node: NodeId) => this.#nodes.get(name(node)) ?? new Uint8Array();
    const proof = from === 0 ? [] : consistencyProof(from, size, read);
    const consistency = proof.map((hash) => Buffer.from(hash).toString("hex"));
    return { checkpoint: signCheckpoint({ size, root: this.#tree.root() }, signer), consistency };
  }
}

function pick<T>(list: readonly T[], place: number): T {
  const found = list[place % list.length];
  if (found === undefined) throw new RangeError("there is nothing to pick from");
  return found;
}

const providerOf = (dataset: string): string => dataset.slice(0, dataset.indexOf("/"));
/** Every fifth is shared unconditionally. */
const isOpen = (dataset: string): boolean => Number(dataset.slice(dataset.lastIndexOf("-") + 1)) % 5 === 0;

const field = (name: string) => ({ name, type: "字符型", meaning: "代码和名称", sensitivity: 1 });

function entryOf(code: string, open: boolean) {
  return catalogueEntry({
    ...{ code, name: `数据资源 ${code}`, abstract: "测试用", category: ["部门信息资源"] },
    fields: FIELDS.map(field),
    ...(open ? {} : { basis: LEGAL_BASIS }),
  });
}

function releaseOf(dataset: string, round: number): Readonly<Record<string, unknown>> {
  const fields = FIELDS.map((name) => ({ name, digest: note(`${name} ${round}`).digest }));
  return {
    ...{ dataset, root: releaseRoot(fields), fields, rows: 3000, rowRoot: note(`rows ${round}`).digest },
    ...{ period: { from: "2025-01-01", to: "2025-12-31" }, derivedFrom: [], selfCheck: [] },
  };
}

/** A text that stayed elsewhere. */
const note = (of: string) => ({ digest: Buffer.from(leafHash(Buffer.from(of))).toString("hex") as Digest });
