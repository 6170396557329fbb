/*
 * What was typed is kept in the tab, also over a lost connection, an ended session or a reload, until it is filed. Not
 * beyond the tab: texts can hold personal data.
 */

export interface Draft {
  readonly values: unknown;
  /** The filing's own name: whoever sends it again after a lost answer never files twice. */
  readonly key: string;
  /** The case's last act when the officer began to decide. */
  readonly seen?: number;
}

const place = (name: string): string => `wanlian.draft ${name}`;

export function keepDraft(name: string, draft: Draft): void {
  sessionStorage.setItem(place(name), JSON.stringify(draft));
}

export function findDraft(name: string): Draft | undefined {
  const kept = sessionStorage.getItem(place(name));
  return kept === null ? undefined : (JSON.parse(kept) as Draft);
}

export function forgetDraft(name: string): void {
  sessionStorage.removeItem(place(name));
}
