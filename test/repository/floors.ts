/**
 * The floors of `client/`, from the ground up (docs/architecture.md): a room knows rooms on floors below its own and no
 * others, and of those only what their faces (`index.ts`) export. Rooms on one floor do not know each other.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ["core", "verify", "words"],
  ["opening", "pdf", "pictures", "sheets", "traces"],
  ["keys", "ledger", "log", "signing", "tables", "transport"],
  ["fold"],
  ["projection"],
  ["ledger-tree", "read", "submission"],
  ["access", "lineage", "node"],
  ["calls", "exchange", "texts"],
  ["api-document", "audit", "evidence", "health", "quality", "supervision", "warnings"],
  ["api"],
  ["cli", "web"],
  ["running"],
];

/** Officers' ways in know less than their floor would let them; what works without a node is a folder by itself. */
const LESS: Readonly<Record<string, readonly string[]>> = {
  cli: ["api-document", "core", "words"],
  "cli/offline": [
    "api-document",
    "core",
    "evidence",
    "exchange",
    "keys",
    "opening",
    "quality",
    "sheets",
    "tables",
    "verify",
    "words",
  ],
  web: ["api-document", "pictures", "sheets", "signing", "verify", "words"],
};

/** A room, or a folder of one for which rules of its own hold. */
export function placeOf(file: string): string {
  const [, room = "", folder = ""] = file.split("/");
  return `${room}/${folder}` in LESS ? `${room}/${folder}` : room;
}

/** The rooms that a place may import from. @throws RangeError for a room that stands on no floor */
export function knownTo(place: string): readonly string[] {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(place.split("/")[0] ?? ""));
  if (floor < 0) throw new RangeError(`client/${place} stands on no floor: give it one in test/repository/floors.ts`);
  return LESS[place] ?? FLOORS.slice(0, floor).flat();
}

/** Places with rules of their own: every room, and folders that know more or less than theirs. */
export const PLACES: readonly string[] = [
  ...FLOORS.flat(),
  ...Object.keys(LESS).filter((place) => place.includes("/")),
];
