import type { Topology } from "@wanlian/network/topology/topology.js";
import { logIn } from "../../host/decision.js";
import type { Desk } from "../../host/desk.js";
import type { Pilot } from "../../host/pilot.js";
import { catalogueEntry } from "../../story/chapters/catalogue.js";
import { wish } from "../../story/chapters/granting.js";
import { open } from "../bench-pilot.js";

/** Officers of all departments but the provider apply for a dataset, at their own nodes: the real contracts, the fold included. */
export class ActLoad {
  #serial = 0;

  private constructor(
    private readonly applicants: readonly Desk[],
    private readonly dataset: string,
  ) {}

  static async at(pilot: Pilot, topology: Topology): Promise<ActLoad> {
    await open(pilot, topology, () => undefined);
    const [provider, ...others] = topology.departments;
    if (provider === undefined) throw new RangeError("a load needs departments");
    const steward = await logIn(pilot.data, provider, "steward");
    const { case: dataset } = await steward.file("datasets", BENCH_DATASET);
    return new ActLoad(await Promise.all(others.map((one) => logIn(pilot.data, one, "user"))), dataset);
  }

  /** Files an application and waits until its act counts on the officer's own node. */
  async submit(worker: number): Promise<void> {
    this.#serial += 1;
    const body = { ...wish(this.dataset, ["code"], `业务 ${this.#serial}`), kind: "ordinary" };
    await this.#desk(worker).file("applications", body);
  }

  /** Asks a node for a page of its list. */
  async query(worker: number): Promise<void> {
    await this.#desk(worker).get("applications?limit=20");
  }

  #desk(worker: number): Desk {
    const desk = this.applicants[worker % this.applicants.length];
    if (desk === undefined) throw new RangeError("a load needs applicants");
    return desk;
  }
}

/** The smallest entry that the catalogue takes. */
export const BENCH_DATASET = catalogueEntry({
  code: "bench",
  name: "测试数据集",
  abstract: "测试用",
  category: ["部门信息资源"],
  fields: [{ name: "code", type: "字符型", meaning: "代码", sensitivity: 1 }],
  basis: "wanzhengban-2022-69",
});
