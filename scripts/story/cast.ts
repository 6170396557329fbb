import type { Department, Topology } from "@wanlian/network/topology/topology.js";
import type { Language } from "@wanlian/protocol/language.js";
import type { DataDirectory } from "../host/data-directory.js";
import { logIn } from "../host/decision.js";
import type { AfterFiling, Desk } from "../host/desk.js";
import type { Post } from "../host/officers.js";
import type { Told } from "./narrator.js";
import { untilAllHave } from "./waiting.js";

/** The parts of the story. A pilot of fewer than six departments gives two parts to one. */
export interface Cast {
  /** Keeps the clock of the demo channel, appoints the auditor, sees what is overdue. */
  readonly bureau: Player;
  /** Registers the list of divisions and answers for it. */
  readonly provider: Player;
  /** Applies, uses, compares, objects. */
  readonly consumer: Player;
  /** Applies for the dishonest department's data, and gets no answer. */
  readonly petitioner: Player;
  /** Has conditional data, and refuses. */
  readonly refuser: Player;
  /** Keeps silent, then tries what is not allowed. */
  readonly dishonest: Player;
  /** Takes what is shared unconditionally, and objects to the dishonest department's data. */
  readonly claimant: Player;
  /** An officer of the bureau, with a mandate of its own. */
  readonly auditor: Desk;
  readonly all: readonly Player[];
}

/** A department with its officers logged in. */
export interface Player {
  readonly name: Told;
  readonly mspId: string;
  readonly steward: Desk;
  readonly user: Desk;
  readonly administrator: Desk;
}

/** Logs everybody in and gives out the parts. */
export async function castFrom(data: DataDirectory, topology: Topology, language: Language): Promise<Cast> {
  const all: Player[] = [];
  // One department acts on what another has just done: like people, it takes that in first.
  const takenIn: AfterFiling = ({ block }) => untilAllHave(block, all);
  const entering = topology.departments.map((department) => enter(data, department, language, takenIn));
  all.push(...(await Promise.all(entering)));
  const named = (...wanted: string[]): Player => {
    const player = wanted.map((mspId) => all.find((candidate) => candidate.mspId === mspId)).find((found) => found);
    if (player === undefined) throw new RangeError(`the pilot has none of ${wanted.join(", ")}`);
    return player;
  };
  const first = topology.departments.find(({ bureau }) => bureau);
  if (first === undefined) throw new RangeError("the topology has no data bureau");
  const dishonest = named("StatisticsMSP", "PoliceMSP");
  const consumer = named("HealthMSP", "PoliceMSP");
  const claimant = named("HrssMSP", first.mspId);
  return {
    bureau: named(first.mspId),
    provider: named("CivilMSP"),
    consumer,
    petitioner: consumer === dishonest ? claimant : consumer,
    refuser: dishonest.mspId === "PoliceMSP" ? named("CivilMSP") : named("PoliceMSP"),
    dishonest,
    claimant,
    auditor: await logIn(data, first, "auditor", language),
    all,
  };
}

async function enter(
  data: DataDirectory,
  department: Department,
  language: Language,
  afterFiling: AfterFiling,
): Promise<Player> {
  const at = (post: Post) => logIn(data, department, post, language, afterFiling);
  const [steward, user, administrator] = await Promise.all([at("steward"), at("user"), at("administrator")]);
  const { mspId, name } = department;
  return { name, mspId, steward, user, administrator };
}
