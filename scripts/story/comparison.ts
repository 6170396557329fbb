import { type Division, levelOf } from "./divisions.js";

/** A row that two sources tell differently: what is wrong with it, and what the other source has. */
export type Finding =
  | { readonly kind: "superseded"; readonly row: Division; readonly by: Division }
  | { readonly kind: "missing"; readonly row: Division };

/**
 * What an independent list shows to be out of date in a release of the list of divisions.
 *
 * - `superseded`: the release has a division that the other list no longer has, and the other list has a new one of the
 *   same place name in the same prefecture (a county that became a city).
 * - `missing`: the other list has a division whose number continues a series of the release: codes are given out in
 *   order within a prefecture and kind (GB/T 2260: 01–20 districts, 21–50 counties, 81–99 county-level cities), so a
 *   number right after the last one used is a new division.
 */
export function findOutdated(release: readonly Division[], other: readonly Division[]): Finding[] {
  const known = codesOf(release);
  const elsewhere = codesOf(other);
  const added = other.filter(({ code }) => !known.has(code));
  const superseded = release
    .filter(({ code }) => !elsewhere.has(code))
    .flatMap((row): Finding[] => {
      const by = added.find((candidate) => samePlace(row, candidate));
      return by === undefined ? [] : [{ kind: "superseded", row, by }];
    });
  const replacements = new Set(superseded.map((finding) => (finding.kind === "superseded" ? finding.by.code : "")));
  const missing = continuations(release, added)
    .filter(({ code }) => !replacements.has(code))
    .map((row): Finding => ({ kind: "missing", row }));
  return [...superseded, ...missing];
}

/** Of rows that a release lacks: those of the provinces that it lists down to counties. */
export function inListedProvinces(release: readonly Division[], lacking: readonly Division[]): Division[] {
  const covered = new Set(release.filter(({ code }) => levelOf(code) === "county").map(({ code }) => code.slice(0, 2)));
  return lacking.filter(({ code }) => covered.has(code.slice(0, 2)));
}

/** The division that the other list has and the release lacks: by it a comparison shows the finding. */
export const newDivision = (finding: Finding): Division => (finding.kind === "superseded" ? finding.by : finding.row);

/** The findings that an authoritative list bears out: the old row is gone from it, the new one is in it. */
export function bornOut(findings: readonly Finding[], authority: readonly Division[]): Finding[] {
  const current = new Map(authority.map(({ code, name }) => [code, name]));
  return findings.filter((finding) =>
    finding.kind === "superseded"
      ? !current.has(finding.row.code) && current.get(finding.by.code) === finding.by.name
      : current.get(finding.row.code) === finding.row.name,
  );
}

function codesOf(rows: readonly Division[]): Set<string> {
  return new Set(rows.map(({ code }) => code));
}

function samePlace(before: Division, after: Division): boolean {
  return before.code.slice(0, 4) === after.code.slice(0, 4) && stem(before.name) === stem(after.name);
}

function stem(name: string): string {
  return name.replace(/[县市区]$/u, "");
}

type Kind = "district" | "county" | "city" | "other";

function kindOf(code: string): Kind {
  const number = Number(code.slice(4));
  if (number <= 20) return "district";
  if (number <= 50) return "county";
  return number >= 81 ? "city" : "other";
}

function continuations(release: readonly Division[], added: readonly Division[]): Division[] {
  const last = new Map<string, number>();
  const note = ({ code }: Division) => last.set(seriesOf(code), Math.max(last.get(seriesOf(code)) ?? 0, Number(code)));
  for (const row of release) if (levelOf(row.code) === "county") note(row);
  return added.filter((row) => {
    if (kindOf(row.code) === "other" || last.get(seriesOf(row.code)) !== Number(row.code) - 1) return false;
    note(row);
    return true;
  });
}

function seriesOf(code: string): string {
  return `${code.slice(0, 4)}:${kindOf(code)}`;
}
