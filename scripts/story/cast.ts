import { type Credentials, Desk } from "./desk.js";
import type { Told } from "./narrator.js";

/** A department of the pilot as the story needs it: its node, and how its officers log in. */
export interface Department {
  readonly mspId: string;
  readonly name: Told;
  /** The node's API, `http://127.0.0.1:17103`. */
  readonly node: string;
  readonly officers: Readonly<Record<Post, Credentials>>;
}

/** What an officer of the pilot does. */
export type Post = "steward" | "user" | "administrator";

/** The parts of the story. A pilot of fewer than six departments gives two parts to one. */
export interface Cast {
  /** Keeps the clock of the demo channel, appoints the auditor, sees what is overdue. */
  readonly bureau: Player;
  /** Registers the list of divisions and answers for it. */
  readonly provider: Player;
  /** Applies, uses, compares, objects. */
  readonly consumer: Player;
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
  readonly department: Department;
  readonly name: Told;
  readonly mspId: string;
  readonly steward: Desk;
  readonly user: Desk;
  readonly administrator: Desk;
}

/** Logs everybody in and gives out the parts. */
export async function castFrom(departments: readonly Department[], auditor: Credentials): Promise<Cast> {
  const all = await Promise.all(departments.map(logIn));
  const named = (...wanted: string[]): Player => {
    const player = wanted.map((mspId) => all.find((candidate) => candidate.mspId === mspId)).find((found) => found);
    if (player === undefined) throw new RangeError(`the pilot has none of ${wanted.join(", ")}`);
    return player;
  };
  const bureau = named("BureauMSP");
  const dishonest = named("StatisticsMSP", "PoliceMSP");
  return {
    bureau,
    provider: named("CivilMSP"),
    consumer: named("HealthMSP", "PoliceMSP"),
    refuser: dishonest.mspId === "PoliceMSP" ? named("CivilMSP") : named("PoliceMSP"),
    dishonest,
    claimant: named("HrssMSP", "BureauMSP"),
    auditor: await Desk.logIn(bureau.department.node, auditor),
    all,
  };
}

async function logIn(department: Department): Promise<Player> {
  const at = (post: Post) => Desk.logIn(department.node, department.officers[post]);
  const [steward, user, administrator] = await Promise.all([at("steward"), at("user"), at("administrator")]);
  const { mspId, name } = department;
  return { department, name, mspId, steward, user, administrator };
}
