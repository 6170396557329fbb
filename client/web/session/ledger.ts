import { useQuery } from "@tanstack/react-query";
import type { Instant } from "@wanlian/model/identifiers.js";
import { inForceAt } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { PolicyRead, Reading } from "@wanlian/model/reading.js";
import { answered, api, type CaseSummary, callRoute, type FoldedAct, type Schemas } from "./api.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** A row of a noun's table as the node describes it. */
export interface CommandRow {
  readonly type: string;
  readonly route: string | null;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly by: readonly { readonly relation: string; readonly role: string }[];
  readonly starts: readonly string[];
  readonly body: Schema;
}

export interface NounTable {
  readonly name: string;
  readonly identity: "single" | "department" | "code" | "transaction";
  readonly statuses: readonly string[];
  readonly collection: string;
  readonly route: string;
  readonly commands: readonly CommandRow[];
}

/** What the page reads of a JSON schema. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The nouns' tables now in force: who may do what in which state, and what it takes. */
export function useModel() {
  // Tables never change, but a policy's day puts others in force while the page is open.
  const version = useStatus().data?.rules.version;
  return useQuery({
    queryKey: ["model", version],
    enabled: version !== undefined,
    staleTime: Infinity,
    queryFn: async () => {
      const { nouns } = (await answered(api.GET("/model"))) as unknown as { nouns: readonly NounTable[] };
      return new Map(nouns.map((noun) => [noun.name, noun]));
    },
  });
}

/** What is wrong at the node. */
export type NodeCondition = Schemas["Condition"];
export type NodeStatus = Schemas["NodeStatus"];

export function useStatus() {
  return useQuery({
    queryKey: ["status"],
    queryFn: async () => answered(api.GET("/status")),
  });
}

/** How the version of the rules in force reads states; undefined before there is one, and until it is here. */
export function useReading(): Reading | undefined {
  const now = useStatus().data?.ledgerTime;
  const policy = usePolicyState();
  // The rules are what filing needs, not the first page.
  const models = useQuery({
    queryKey: ["models"],
    queryFn: async () => (await import("@wanlian/model/models.js")).RELEASED,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const version = policy && inForceAt(policy, now as Instant | undefined).version;
  return version !== undefined && models.data?.has(version) ? models.data.of(version).reading : undefined;
}

/** The policy in force by the ledger's clock. */
export function usePolicy(): PolicyRead | undefined {
  const now = useStatus().data?.ledgerTime;
  const policy = usePolicyState();
  const reading = useReading();
  return policy && reading?.policy(policy, now as Instant | undefined);
}

function usePolicyState(): CaseState | undefined {
  const policy = useQuery({
    queryKey: ["policy"],
    queryFn: () => callRoute<{ readonly case: CaseSummary }>("GET", "/policy"),
    retry: false,
  });
  return policy.data?.case.state as CaseState | undefined;
}

/** Departments' names by MSP id; whoever is no member yet is known by that. */
export function useDepartments(): ReadonlyMap<string, string> {
  const members = useQuery({
    queryKey: ["members"],
    queryFn: () => allNames("/members"),
  });
  return members.data ?? NO_NAMES;
}

function nameIn(state: unknown): string | undefined {
  const name: unknown = typeof state === "object" && state !== null ? Reflect.get(state, "name") : undefined;
  return typeof name === "string" ? name : undefined;
}

/** The address of one case at the API: its route with the case in the places that the route has for it. */
export function caseAddress({ route }: NounTable, id: string): string {
  const [provider = "", code = ""] = id.split("/");
  return route
    .replace("{provider}", encodeURIComponent(provider))
    .replace("{code}", encodeURIComponent(code))
    .replace("{case}", encodeURIComponent(id));
}

/** A dataset's id in the places that a route has for it. */
export function datasetPath(id: string): { readonly provider: string; readonly code: string } {
  const [provider = "", code = ""] = id.split("/");
  return { provider, code };
}

/** As many as are asked for at once. */
const ITEMS_AT_ONCE = 200;
/** A city's catalogue has some thousand datasets: their names are asked for once in a while, not at every block. */
const NAMES_LAST_MS = 60_000;

/** Datasets' names by case id: of all there are. */
export function useDatasetNames(): ReadonlyMap<string, string> {
  const datasets = useQuery({
    queryKey: ["dataset-names"],
    queryFn: () => allNames("/datasets"),
    staleTime: NAMES_LAST_MS,
  });
  return datasets.data ?? NO_NAMES;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

async function allNames(collection: string): Promise<ReadonlyMap<string, string>> {
  const cases = await everyItem<CaseSummary>(collection);
  return new Map(cases.map(({ case: id, state }) => [id, nameIn(state) ?? id]));
}

/** All of a list, for what is chosen from all of it: page after page. @throws Refusal */
export async function everyItem<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const asked = new URLSearchParams({ ...query, limit: String(ITEMS_AT_ONCE), ...(cursor && { cursor }) });
    const page: Page<T> = await callRoute("GET", `${path}?${asked}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

export interface LegalBasis {
  readonly id: string;
  readonly title: string;
  readonly article: string;
}

/** The register of legal bases in force, by name: it stands in the act that made the policy what it is. */
export function useLegalBases(): readonly LegalBasis[] {
  const act = usePolicy()?.act;
  const acts = useQuery({
    queryKey: ["policy-acts"],
    queryFn: () => everyItem<FoldedAct>("/policy/acts"),
  });
  const body = acts.data?.find(({ number }) => number === act)?.body;
  const bases: unknown = Reflect.get(Object(body), "legalBases");
  return Array.isArray(bases) ? (bases as LegalBasis[]) : [];
}
