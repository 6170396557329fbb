import type { CaseSummary } from "../read/index.js";

/** What a lineage is of: releases, and products that consumers made of them. */
export const MADE = ["release", "product"] as const;

/** A release or a product, with what its registration said of where it came from. */
export interface LineageRelease {
  readonly noun: (typeof MADE)[number];
  readonly release: string;
  /** Of a product empty. */
  readonly dataset: string;
  /** The department that answers for it: of a product, its author. */
  readonly provider: string;
  readonly status: string;
  /** The version of the catalogue entry it follows. */
  readonly version: number;
  readonly rows: number;
  /** Names, in the catalogue's order. */
  readonly fields: readonly string[];
  readonly root: string;
  readonly registered: { readonly time: string; readonly block: number };
  /** The releases it was made from. */
  readonly derivedFrom: readonly string[];
  /** The earlier release of the same dataset that it takes the place of. */
  readonly revises?: string;
  /** The objection that it corrects. */
  readonly objection?: string;
  /** The objections and withdrawn releases of which its owner explained why it stands all the same. */
  readonly explained: readonly string[];
  /** Of a product: report, model, service, and what it is called. */
  readonly product?: { readonly kind: string; readonly name: string };
}

/** It was explained that a release or product stands, although this objection or withdrawn release lies behind it. */
export interface Explanation {
  readonly release: string;
  readonly cause: string;
}

/** How one release led to another. */
export const HOWS = ["derived", "revised", "corrected"] as const;
export interface LineageLink {
  readonly from: string;
  readonly to: string;
  readonly how: (typeof HOWS)[number];
}

/** An objection to a release, as far as it tells whether the release was found wrong. */
export interface LineageObjection {
  readonly objection: string;
  readonly release: string;
  readonly objector: string;
  readonly status: string;
  readonly outcome?: string;
  readonly settled?: string;
  readonly corrections: readonly string[];
  readonly raised: { readonly time: string; readonly block: number };
  /** Whether the release carries its label. */
  readonly open: boolean;
}

/**
 * Members that every version's releases have had so far; one that lacks them derives from nothing. Read by name and not
 * by a version's rules: a lineage is what was stated, whichever rules it was stated by.
 */
export function releaseOf({ noun, case: release, status, state, opened }: CaseSummary): LineageRelease {
  const { text, list, count } = membersOf(state);
  const revises = text("revises");
  const objection = text("objection");
  return {
    ...{ noun: noun === "product" ? ("product" as const) : ("release" as const), release, status },
    ...{ dataset: text("dataset") ?? "", provider: text("provider") ?? text("author") ?? "" },
    ...{ version: count("version"), rows: count("rows"), root: text("root") ?? "", registered: opened },
    ...{ fields: list("fields"), derivedFrom: list("derivedFrom"), explained: list("explained") },
    ...(noun === "product" ? { product: { kind: text("kind") ?? "", name: text("name") ?? "" } } : {}),
    ...(revises === undefined ? {} : { revises }),
    ...(objection === undefined ? {} : { objection }),
  };
}

export function objectionOf({ case: objection, status, state, opened }: CaseSummary, open: boolean): LineageObjection {
  const { text, list } = membersOf(state);
  const outcome = text("outcome");
  const settled = text("settled");
  return {
    ...{ objection, status, open, raised: opened, release: text("release") ?? "", objector: text("objector") ?? "" },
    ...(outcome === undefined ? {} : { outcome }),
    ...(settled === undefined ? {} : { settled }),
    corrections: list("corrections"),
  };
}

function membersOf(state: unknown) {
  const members = new Map<string, unknown>(typeof state === "object" && state !== null ? Object.entries(state) : []);
  return {
    text: (name: string): string | undefined => {
      const found = members.get(name);
      return typeof found === "string" ? found : undefined;
    },
    list: (name: string): string[] => {
      const found = members.get(name);
      return Array.isArray(found) ? found.filter((item): item is string => typeof item === "string") : [];
    },
    count: (name: string): number => {
      const found = members.get(name);
      return typeof found === "number" ? found : 0;
    },
  };
}
