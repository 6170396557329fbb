/** What the page asks for at a time. */
export const ROWS_A_PAGE = 500;

const PURPOSES = ["verification", "lookup", "analysis"];

/** A page of a log's accesses, newest first, as a node with so many would answer. */
export function accesses(url: URL, total: number): { readonly items: readonly object[]; readonly next?: string } {
  const from = Number(url.searchParams.get("cursor") ?? "0");
  const until = Math.min(total, from + ROWS_A_PAGE);
  const items = Array.from({ length: until - from }, (_, at) => {
    const position = total - from - at;
    return {
      position,
      id: position.toString(16).padStart(64, "0"),
      time: new Date(Date.UTC(2026, 8, 21) + position * 1000).toISOString(),
      kind: "access",
      consumer: "HealthMSP",
      officer: "0202",
      dataset: "CivilMSP/divisions",
      purpose: PURPOSES[position % PURPOSES.length],
      way: "lookup",
      result: "served",
      row_count: position % 50,
    };
  });
  return until < total ? { items, next: String(until) } : { items };
}
