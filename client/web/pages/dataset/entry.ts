export interface Field {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly sensitivity: number;
}

export interface Standard {
  readonly dimension: string;
  readonly atLeast: number;
  readonly rule: string;
}

/** What of a catalogue entry has a place of its own on the page. */
export interface Entry {
  readonly fields: readonly Field[];
  readonly quality: readonly Standard[];
  readonly share: { readonly class: string; readonly basis?: string; readonly conditions?: string };
}
