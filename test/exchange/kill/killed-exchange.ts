import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { openingOf } from "@wanlian/verify/records/access-record.js";
import type { Subject } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import { CHANNEL_NAME, type ExchangeWorld, PROVIDER, type Side } from "../exchange-world.js";
import { KillableSide } from "./killable-side.js";
import { ShownLog } from "./shown-log.js";
import type { SidePlan } from "./side-process.js";
import type { Stage, Victim, Way } from "./stages.js";
import type { TurnProxy } from "./turn-proxy.js";

/** In every row: so a look-up of it has the longest answer, and a release of so many rows some four million bytes. */
const NAME = "名".repeat(66);
const ROWS = 20_000;
export const CSV = `code,name\n${Array.from({ length: ROWS }, (_, i) => `${String(i).padStart(6, "0")},${NAME}`).join("\n")}\n`;
/** Within this, everything of some accesses at once happens. */
const LONGEST_MS = 400;
/** Gaps that a kill left are gone by then. */
const LONGEST_GAP_MS = 20_000;
const VICTIMS = ["provider", "consumer"] as const;
/** A stream is some four million bytes, a process at rest some 150 million. */
const MOST_MEMORY = 400e6;
/** What an officer is told where the answer did not come. */
const PLAIN_FAILURES = ["UNREACHABLE", "BROKEN_OFF"];

/** Both sides of an exchange as processes, and what is known of their logs. */
export class KilledExchange {
  readonly #world: ExchangeWorld;
  readonly #proxy: TurnProxy;
  readonly #grant: TransactionId;
  readonly #plans: Readonly<Record<Victim, string>>;
  readonly #sides: Record<Victim, KillableSide>;
  readonly #logs: Readonly<Record<Victim, ShownLog>>;
  /** Records of what an officer was told to have. */
  readonly #answered: string[] = [];
  /** Come up while those whose place they take still run. */
  #successors: readonly (readonly [Victim, KillableSide])[] = [];

  private constructor(
    world: ExchangeWorld,
    proxy: TurnProxy,
    grant: TransactionId,
    plans: Readonly<Record<Victim, string>>,
  ) {
    this.#world = world;
    this.#proxy = proxy;
    this.#grant = grant;
    this.#plans = plans;
    this.#sides = { provider: new KillableSide(plans.provider), consumer: new KillableSide(plans.consumer) };
    this.#logs = { provider: logOf(world.provider), consumer: logOf(world.consumer) };
  }

  /** The world's own provider and consumer make way. @param proxy stands before the provider */
  static async take(world: ExchangeWorld, proxy: TurnProxy, grant: TransactionId): Promise<KilledExchange> {
    return new KilledExchange(world, proxy, grant, await planSides(world, proxy.address));
  }

  async begin(): Promise<void> {
    for (const victim of VICTIMS) await this.#sides[victim].begin();
    this.#proxy.lead(this.#sides.provider.address);
  }

  async end(): Promise<void> {
    for (const side of [...Object.values(this.#sides), ...this.#successors.map(([, successor]) => successor)]) {
      side.kill();
      await side.exited;
    }
  }

  /** One access, in which the victim is killed; then another one, in which nobody is. */
  async round(stage: Stage, next: () => number, label: string): Promise<void> {
    await this.#kill(stage, next, label);
    await this.#get(["lookup"], { code: "000371" }, `${label}: the next access`, []);
    const began = performance.now();
    do {
      await this.#settle(label);
      for (const side of VICTIMS) await this.#show(side, label);
      // For a moment only: until the provider sees that its consumer is gone, it has a stream open.
      expect(performance.now() - began, `${label}: gaps are left, ${this.#gaps()}`).to.be.below(LONGEST_GAP_MS);
    } while (this.#gaps().length > 0);
    for (const side of VICTIMS) {
      const { records } = this.#logs[side];
      const lost = this.#answered.filter((id) => !records.has(id));
      expect(lost, `${label}: answered, and not in the ${side}'s log`).to.deep.equal([]);
      const measured = await this.#sides[side].order({ $case: "measure" });
      const peak = measured.$case === "measured" ? measured.peak : Number.NaN;
      expect(peak, `${label}: memory of the ${side}`).to.be.below(MOST_MEMORY);
    }
  }

  async #kill(stage: Stage, next: () => number, label: string): Promise<void> {
    const { victim, ways, end } = stage;
    const falling = stage.falls === "alone" ? [victim] : VICTIMS;
    this.#successors = falling.map((side) => [side, new KillableSide(this.#plans[side])] as const);
    // What an earlier round left asks on in the background; its turns would be taken for this access's.
    expect(await this.#sides.consumer.order({ $case: "expire" }), label).to.deep.equal({ $case: "done" });
    await this.#settle(label);
    await this.#arm(stage, next);
    for (const side of falling) void this.#sides[victim].exited.then(() => this.#sides[side].kill());
    const way = ways[Math.floor(next() * ways.length)] ?? "lookup";
    // Where it is not one point of an access, many are under way.
    const all = end === "any instant" ? [...ways, ...ways] : [way];
    await this.#get(all, { name: NAME }, label, PLAIN_FAILURES);
    // For those whose end comes with the next checkpoint.
    await this.#sides[victim].order({ $case: "publish" });
    for (const side of falling) expect(await this.#sides[side].exited, label).to.equal("SIGKILL");
    const { answered } = this.#proxy;
    this.#proxy.begin();
    const records = this.#logs.provider.records.size;
    for (const side of falling) await this.#logs[side].read(`${label}, as it lies there`);
    for (const [side, successor] of this.#successors) this.#sides[side] = await successor.begin();
    this.#proxy.lead(this.#sides.provider.address);
    await this.#show("provider", label);
    const filed = this.#logs.provider.records.size - records;
    // Of many at once, what comes out first is of their connections.
    if (answered && all.length === 1) expect(filed, `${label}: whatever went out is on record`).to.be.at.least(1);
  }

  /** What the side's log has, under a new checkpoint. */
  async #show(side: Victim, label: string): Promise<void> {
    expect(await this.#sides[side].order({ $case: "publish" }), label).to.deep.equal({ $case: "done" });
    await this.#logs[side].read(`${label}, ${side}`);
  }

  /** What only one side has, and what was opened and not closed. */
  #gaps(): string[] {
    const { provider, consumer } = this.#logs;
    const records = [...provider.records];
    const closed = new Set(records.map(([, { signed }]) => openingOf(signed.record)));
    const open = records
      .filter(([id, { signed }]) => signed.record.kind === "opening" && !closed.has(id as never))
      .map(([id]) => id);
    const own = records.filter(([id]) => !consumer.records.has(id)).map(([id]) => id);
    const others = [...consumer.records.keys()].filter((id) => !provider.records.has(id));
    return [...open, ...own, ...others];
  }

  /** Every record has its key beside it; and of one that both have, both have the same countersignature. */
  async checkKept(): Promise<void> {
    const { provider, consumer } = this.#world;
    for (const side of VICTIMS) {
      for (const [id, { position }] of this.#logs[side].records) {
        const { key } = this.#world[side].exchange.vault.read(position);
        expect(key, `${side}: key of ${id}`).not.to.equal(undefined);
      }
    }
    for (const [id, { position }] of this.#logs.consumer.records) {
      const own = consumer.exchange.vault.read(position);
      const theirs = provider.exchange.vault.read(this.#logs.provider.records.get(id)?.position ?? -1);
      expect(own.receipt, `receipt of ${id}`).not.to.equal(undefined);
      expect(theirs.receipt, `receipt of ${id}`).to.deep.equal(own.receipt);
    }
  }

  async #settle(label: string): Promise<void> {
    const reply = await this.#sides.consumer.order({ $case: "settle", provider: PROVIDER });
    expect(reply, label).to.deep.equal({ $case: "done" });
  }

  async #arm({ victim, end }: Stage, next: () => number): Promise<void> {
    const side = this.#sides[victim];
    this.#proxy.begin();
    if (end === "any instant") setTimeout(() => side.kill(), next() * LONGEST_MS);
    else if ("point" in end) await side.order({ $case: "die", death: end });
    else void this.#proxy.stopAt(end).then(() => side.kill());
  }

  /** All at once. */
  async #get(ways: readonly Way[], subject: Subject, label: string, failures: readonly string[]): Promise<void> {
    const asks = ways.map((way) => this.#world.ask(this.#grant, way === "download" ? { way } : { way, subject }));
    const reply = await this.#sides.consumer.order({ $case: "get", asks });
    if (reply.$case === "died") {
      expect(failures, `${label}: it died`).not.to.be.empty;
      return;
    }
    if (reply.$case !== "got") throw new Error(`${label}: ${JSON.stringify(reply)}`);
    for (const access of reply.accesses) {
      if (access.$case === "failed") {
        expect(access.code, `${label}: ${access.message}`).to.be.oneOf(failures);
      } else {
        expect(access.result, label).to.equal("served");
        this.#answered.push(...access.records);
      }
    }
  }
}

function logOf({ exchange }: Side): ShownLog {
  const { dir, logSigner } = exchange.options;
  return new ShownLog(join(dir, "log"), logSigner.key);
}

/** Files that the processes start from; the sides in this process make way for them. */
export async function planSides(
  world: ExchangeWorld,
  providerAddress: string,
): Promise<Readonly<Record<Victim, string>>> {
  const { signer, privateKey } = world.officer;
  const officer = { certificate: Buffer.from(signer.certificate).toString("utf8"), privateKey };
  const write = async ({ handover, close }: Side): Promise<string> => {
    await close();
    const addresses = { [PROVIDER]: providerAddress };
    const plan: SidePlan = { ...handover, channel: CHANNEL_NAME, officer, addresses };
    const path = join(handover.directory, "plan.json");
    await writeFile(path, JSON.stringify(plan), { mode: 0o600 });
    return path;
  };
  return { provider: await write(world.provider), consumer: await write(world.consumer) };
}
