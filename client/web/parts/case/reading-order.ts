/** What readers look for first, in the order in which they do; what is not named here follows as the rules have it. */
const FIRST: readonly string[] = [
  ...["name", "code", "dataset", "release", "kind", "level", "severity", "outcome"],
  ...["provider", "consumer", "objector", "author", "department", "principal", "mandate"],
  ...["applicant", "officer", "purpose", "scenario", "duty", "abstract", "description"],
  ...["share", "open", "category", "grade", "wish", "grant", "dimension", "fields", "rowCount", "rows"],
];

const PLACES = new Map(FIRST.map((member, at) => [member, at]));
const placeOf = (member: string): number => PLACES.get(member) ?? FIRST.length;

/** A case's members in the order in which they are read. */
export const inReadingOrder = <T>(members: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] =>
  members.toSorted(([one], [other]) => placeOf(one) - placeOf(other));
