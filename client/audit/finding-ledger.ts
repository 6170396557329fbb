import type { AuditFolder } from "./audit-folder.js";
import type { Finding, FindingKind } from "./finding.js";

/** Of one kind and department so many are told one by one; of what is beyond, how many. */
const MOST_TOLD = 1000;

/** Of a kind and department, however many of them were told one by one. */
export interface FindingCount {
  readonly kind: FindingKind;
  readonly department: string;
  readonly count: number;
}

/** The findings of an audit: kept in its folder, counted, and told as far as anybody would read them. */
export class FindingLedger {
  readonly #folder: AuditFolder;
  readonly #counted: Map<string, number>;

  constructor(folder: AuditFolder, counted: Readonly<Record<string, number>> = {}) {
    this.#folder = folder;
    this.#counted = new Map(Object.entries(counted));
  }

  /** @returns those to be told */
  async keep(findings: readonly Finding[]): Promise<readonly Finding[]> {
    const told = findings.filter((finding) => this.#count(finding) <= MOST_TOLD);
    await this.#folder.keep(told);
    return told;
  }

  get counted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counted);
  }

  totals(): FindingCount[] {
    return [...this.#counted].map(([key, count]) => {
      const [kind = "", department = ""] = key.split(" ");
      return { kind: kind as FindingKind, department, count };
    });
  }

  #count({ kind, department }: Finding): number {
    const key = `${kind} ${department}`;
    const count = (this.#counted.get(key) ?? 0) + 1;
    this.#counted.set(key, count);
    return count;
  }
}
