import { type CaseSummary, type Db, everyCase, findAct } from "../../../read/index.js";
import { termsOf, wordsAmong } from "./terms.js";

/** What somebody needs, in own words. */
export interface Wanted {
  readonly name: string;
  readonly description: string;
  /** A department is never matched with its own data. */
  readonly consumer?: string;
}

/** Where in a catalogue entry a word was found. */
export const PLACES = ["name", "fields", "category", "abstract"] as const;
export type Place = (typeof PLACES)[number];

/** A dataset that comes near to what is needed. */
export interface Match {
  readonly dataset: string;
  readonly name: string;
  readonly provider: string;
  readonly share: string;
  /** How much of what was said is found, in ten-thousandths: rare words and words in names count more. */
  readonly nearness: number;
  readonly found: readonly { readonly place: Place; readonly words: readonly string[] }[];
}

/** What is found in a name says more than what is found in a summary. */
const WEIGHTS: Readonly<Record<Place, number>> = { name: 4, fields: 3, category: 2, abstract: 1 };
const MOST_WEIGHT = 4;
/** A need's name says more than its description. */
const NAME_COUNTS = 3;
/** What stands in so great a part of the catalogue tells datasets no more apart; a small catalogue has no such words. */
const COMMON_SHARE = 0.5;
const SMALL_CATALOGUE = 8;
export const MOST_MATCHES = 20;
const WHOLE = 10_000;
/** A text this long says what it is about; more of it costs time and comes near to everything. */
const MAX_CHARACTERS = 600;

interface Listed {
  readonly found: CaseSummary;
  readonly terms: Readonly<Record<Place, ReadonlySet<string>>>;
}

/** 供需对接: the datasets of the catalogue that come nearest to a need by names, fields, categories and summaries. */
export async function matchesOf(db: Db, { name, description, consumer }: Wanted): Promise<Match[]> {
  const wanted = { name: name.slice(0, MAX_CHARACTERS), description: description.slice(0, MAX_CHARACTERS) };
  const named = termsOf(wanted.name);
  const terms = new Set([...named, ...termsOf(wanted.description)]);
  if (terms.size === 0) return [];
  const frequency = new Map<string, number>();
  const candidates: Listed[] = [];
  let total = 0;
  for await (const listed of everyDataset(db)) {
    total++;
    const here = [...terms].filter((term) => PLACES.some((place) => listed.terms[place].has(term)));
    for (const term of here) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    if (here.length > 0 && providerOf(listed) !== consumer) candidates.push(withTerms(listed, here));
  }
  const weightOf = (term: string): number => {
    const share = (frequency.get(term) ?? 0) / total;
    if (total > SMALL_CATALOGUE && share > COMMON_SHARE) return 0;
    return Math.log2(1 + 1 / Math.max(share, 1 / total)) * (named.has(term) ? NAME_COUNTS : 1);
  };
  const weights = new Map([...terms].map((term) => [term, weightOf(term)]));
  const most = [...weights.values()].reduce((sum, weight) => sum + weight * MOST_WEIGHT, 0);
  return candidates
    .map((listed) => matchOf(listed, wanted, weights, most))
    .filter(({ nearness }) => nearness > 0)
    .sort((one, other) => other.nearness - one.nearness || (one.dataset < other.dataset ? -1 : 1))
    .slice(0, MOST_MATCHES);
}

function matchOf(
  listed: Listed,
  wanted: Omit<Wanted, "consumer">,
  weights: ReadonlyMap<string, number>,
  most: number,
): Match {
  const { found, terms } = listed;
  let sum = 0;
  for (const [term, weight] of weights) {
    const best = PLACES.find((place) => terms[place].has(term));
    if (best !== undefined) sum += weight * WEIGHTS[best];
  }
  const telling = new Set([...weights].filter(([, weight]) => weight > 0).map(([term]) => term));
  const said = `${wanted.name}\n${wanted.description}`;
  const { name, share } = Object(found.state);
  return {
    ...{ dataset: found.case, name: String(name), provider: providerOf(listed), share: String(Object(share).class) },
    nearness: Math.floor((sum / most) * WHOLE),
    found: PLACES.flatMap((place) => {
      const common = new Set([...terms[place]].filter((term) => telling.has(term)));
      const words = common.size === 0 ? [] : wordsAmong(said, common);
      return words.length === 0 ? [] : [{ place, words }];
    }),
  };
}

const providerOf = ({ found }: Listed): string => found.case.slice(0, found.case.indexOf("/"));

/** What was said is kept of an entry, and not all its words: however large the catalogue is. */
function withTerms({ found, terms }: Listed, here: readonly string[]): Listed {
  const kept = (place: Place) => new Set(here.filter((term) => terms[place].has(term)));
  const places = { name: kept("name"), fields: kept("fields"), category: kept("category"), abstract: kept("abstract") };
  return { found, terms: places };
}

async function* everyDataset(db: Db): AsyncGenerator<Listed> {
  const all = await everyCase(db, "dataset", { status: "registered" });
  for (const found of all) yield await listedOf(db, found);
}

async function listedOf(db: Db, found: CaseSummary): Promise<Listed> {
  const { name, version } = Object(found.state);
  const { abstract, category, fields } = Object((await findAct(db, found, Number(version)))?.body);
  const terms = {
    name: termsOf(textIn(name)),
    fields: termsOf(listIn(fields).map(fieldText).join("\n")),
    category: termsOf(listIn(category).map(textIn).join("\n")),
    abstract: termsOf(textIn(abstract)),
  };
  return { found, terms };
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const fieldText = (field: unknown): string => {
  const { name, meaning } = Object(field);
  return `${textIn(name)} ${textIn(meaning)}`;
};
