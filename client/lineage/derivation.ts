/** What was made of one source, field by field: `field` of the source, `as` what it became. */
export interface Derivation {
  readonly source: string;
  readonly how: string;
  readonly fields: readonly { readonly field: string; readonly as: string }[];
  /** Digest of the program or query. */
  readonly program?: string;
  /** Under which the source's fields were got. */
  readonly grant?: string;
}

/** A field that became another. */
export interface FieldLink {
  readonly from: { readonly release: string; readonly field: string };
  readonly to: { readonly release: string; readonly field: string };
  readonly how: string;
  readonly program?: string;
}

/** A ratio in hundredths of a percent, for a dimension of quality that the provider's own check covers. */
export interface CheckedDimension {
  readonly dimension: string;
  readonly ratio: number;
}

/** What lineage takes from the act that registered a release or a product. */
export interface Registration {
  readonly derivation: readonly Derivation[];
  readonly selfCheck: readonly CheckedDimension[];
}

export const registrationOf = (body: unknown): Registration => ({
  derivation: derivationsOf(body),
  selfCheck: checkedOf((Object(body) as { readonly selfCheck?: unknown }).selfCheck),
});

const checkedOf = (list: unknown): CheckedDimension[] =>
  (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const { dimension, ratio } = Object(one) as Readonly<Record<string, unknown>>;
    return typeof dimension === "string" && typeof ratio === "number" ? [{ dimension, ratio }] : [];
  });

/**
 * Of a registration's body, a release's or a product's: by the members' names, as all of a lineage. What does not have
 * them says nothing of fields.
 */
function derivationsOf(body: unknown): Derivation[] {
  const { derivation, sources } = Object(body) as { readonly derivation?: unknown; readonly sources?: unknown };
  const stated = Array.isArray(derivation) ? derivation : Array.isArray(sources) ? sources : [];
  return stated.flatMap((one: unknown) => {
    const { source, how, fields, program, grant } = Object(one) as Readonly<Record<string, unknown>>;
    if (typeof source !== "string" || typeof how !== "string" || !Array.isArray(fields)) return [];
    const pairs = fields.filter(isPair).map(({ field, as }) => ({ field, as }));
    return [
      {
        ...{ source, how, fields: pairs },
        ...(typeof program === "string" ? { program } : {}),
        ...(typeof grant === "string" ? { grant } : {}),
      },
    ];
  });
}

const isPair = (one: unknown): one is { readonly field: string; readonly as: string } => {
  const { field, as } = Object(one) as Readonly<Record<string, unknown>>;
  return typeof field === "string" && typeof as === "string";
};

/** Field by field from one of a release's fields back to its sources and forward to what was made of it; linear. */
export function fieldLinksOf(
  entries: readonly { readonly release: string; readonly derivation: readonly Derivation[] }[],
  start: { readonly release: string; readonly field: string },
): FieldLink[] {
  const back = new Map<string, FieldLink[]>();
  const on = new Map<string, FieldLink[]>();
  const shown = new Set(entries.map(({ release }) => release));
  for (const { release, derivation } of entries) {
    for (const { source, how, fields, program } of derivation) {
      if (!shown.has(source)) continue;
      for (const { field, as } of fields) {
        const link: FieldLink = {
          from: { release: source, field },
          to: { release, field: as },
          ...{ how, ...(program === undefined ? {} : { program }) },
        };
        put(back, keyOf(link.to), link);
        put(on, keyOf(link.from), link);
      }
    }
  }
  return [...new Set([...followed(back, start, "from"), ...followed(on, start, "to")])];
}

function followed(
  links: ReadonlyMap<string, readonly FieldLink[]>,
  start: FieldLink["from"],
  end: "from" | "to",
): FieldLink[] {
  const found: FieldLink[] = [];
  const seen = new Set([keyOf(start)]);
  for (const key of seen) {
    for (const link of links.get(key) ?? []) {
      found.push(link);
      seen.add(keyOf(link[end]));
    }
  }
  return found;
}

const keyOf = ({ release, field }: FieldLink["from"]): string => `${release} ${field}`;

function put(links: Map<string, FieldLink[]>, key: string, link: FieldLink): void {
  const known = links.get(key);
  if (known === undefined) links.set(key, [link]);
  else known.push(link);
}
