import type { CaseDetail } from "./api.ts";
import { callRoute } from "./api.ts";
import { caseAddress, type NounTable } from "./ledger.ts";

export interface CaseName {
  readonly noun: string;
  readonly case: string;
}

/** A case, with as much as a graph says of it. */
export interface GraphCase extends CaseName {
  readonly status: string;
  readonly state: unknown;
  /** Whose it is: the department that began it, as far as that is told. */
  readonly department: string;
  /** The block that it began in. */
  readonly opened: number;
}

/** One case that refers to another. */
export interface GraphLink {
  readonly from: string;
  readonly to: string;
}

export interface CaseGraph {
  readonly cases: ReadonlyMap<string, GraphCase>;
  readonly links: readonly GraphLink[];
  /** Whether there is more than is shown. */
  readonly isCut: boolean;
}

/** More on one picture nobody reads; each is a page that has its own. */
const MOST_CASES = 40;

export const nameOf = ({ noun, case: id }: CaseName): string => `${noun}/${id}`;

/** What refers to a case and what it refers to, directly and through one other. @throws Refusal */
export async function casesAround(root: CaseName, model: ReadonlyMap<string, NounTable>): Promise<CaseGraph> {
  const cases = new Map<string, GraphCase>();
  const links = new Map<string, GraphLink>();
  let isCut = false;
  let next: readonly CaseName[] = [root];
  for (const isLast of [false, false, true]) {
    const wanted = next.filter((name) => !cases.has(nameOf(name))).slice(0, MOST_CASES - cases.size);
    isCut ||= wanted.length < next.filter((name) => !cases.has(nameOf(name))).length;
    const found = await Promise.all(wanted.map((name) => detailOf(name, model)));
    const beyond: CaseName[] = [];
    for (const detail of found) {
      if (detail === undefined) continue;
      const { noun, case: id, status, state, opened } = detail.case;
      const here = nameOf(detail.case);
      cases.set(here, { noun, case: id, status, state, department: ownerOf(detail), opened: opened.block });
      for (const other of detail.references) link(links, here, nameOf(other));
      for (const other of detail.referredToBy) link(links, nameOf(other), here);
      beyond.push(...detail.references, ...detail.referredToBy);
      isCut ||= detail.moreReferring;
    }
    if (isLast) isCut ||= beyond.some((name) => !cases.has(nameOf(name)));
    next = [...new Map(beyond.map((name) => [nameOf(name), name])).values()];
  }
  const shown = [...links.values()].filter(({ from, to }) => cases.has(from) && cases.has(to));
  return { cases, links: shown, isCut };
}

/** What a department is in a case that it began; a dataset, a log or a month's use is named after its department. */
const OWNERS = ["consumer", "objector", "author", "mover", "principal", "provider", "bureau"];

function ownerOf({ case: { case: id }, parties, lastAct }: CaseDetail): string {
  const [named = ""] = id.split("/");
  const owner = OWNERS.flatMap((relation) => parties.find((party) => party.relation === relation) ?? [])[0];
  return owner?.department ?? (id.includes("/") ? named : (lastAct?.department ?? id));
}

const link = (links: Map<string, GraphLink>, from: string, to: string) => links.set(`${from} ${to}`, { from, to });

async function detailOf(name: CaseName, model: ReadonlyMap<string, NounTable>): Promise<CaseDetail | undefined> {
  const table = model.get(name.noun);
  return table === undefined ? undefined : callRoute<CaseDetail>("GET", caseAddress(table, name.case));
}
