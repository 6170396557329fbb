import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AuditFilter } from "../access/index.js";
import type { Finding } from "./finding.js";

/** What was asked, by whom: only the same officer goes on with it. */
export interface AuditQuestion {
  readonly officer: string;
  readonly mandate: TransactionId;
  readonly departments: readonly MspId[];
  readonly filter: AuditFilter;
  /** Whether the records that the filter takes are told too, one by one. */
  readonly show: "findings" | "records";
}

/** How far a log was gone through. */
export interface LogProgress {
  readonly department: MspId;
  /** Signed note of the tree that is gone through; absent where the node did not answer. */
  readonly note: string | undefined;
  readonly size: number;
  readonly position: number;
  readonly state: "open" | "read" | "failed";
  /** Whether the auditor's own question was met in it. */
  readonly answers: boolean;
  readonly records: number;
  readonly questions: number;
  /** Filings of the department's own officers that were refused. */
  readonly filings: number;
  /** Calls over other roads, as the department was told of them. */
  readonly calls: number;
  readonly leftOut: number;
  readonly unreadable: number;
}

export interface AuditState {
  readonly question: AuditQuestion;
  readonly salt: number;
  /** Departments in the order of their numbers in the marks. */
  readonly parties: readonly MspId[];
  readonly logs: readonly LogProgress[];
  /** Lengths of the files of marks (undefined: none yet), and of the findings. */
  readonly marks: readonly number[] | undefined;
  readonly findings: number;
  /** Findings by kind and department. */
  readonly counted: Readonly<Record<string, number>>;
}

const STATE_FILE = "state.json";
const FINDINGS_FILE = "findings.ndjson";
/** An audit that nobody went on with for so long is given up. */
const KEEP_MS = 7 * 86_400_000;

/** Where an audit keeps what it has, so that it can go on after anything broke off. */
export class AuditFolder {
  readonly id: string;
  readonly #path: string;

  private constructor(root: string, id: string) {
    this.id = id;
    this.#path = join(root, id);
  }

  static async begin(root: string): Promise<AuditFolder> {
    await forgetOld(root);
    const folder = new AuditFolder(root, randomBytes(8).toString("hex"));
    await mkdir(folder.#path, { recursive: true, mode: 0o700 });
    await writeFile(join(folder.#path, FINDINGS_FILE), "", { mode: 0o600 });
    return folder;
  }

  /** @throws LedgerError NOT_FOUND: no such audit is under way for this officer */
  static async resume(root: string, id: string, officer: string): Promise<{ folder: AuditFolder; state: AuditState }> {
    const none = new LedgerError("NOT_FOUND", `no audit ${id} of ${officer} waits to go on`);
    if (!/^[0-9a-f]{16}$/.test(id)) throw none;
    const folder = new AuditFolder(root, id);
    const text = await readFile(join(folder.#path, STATE_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") throw none;
      throw error;
    });
    const state = JSON.parse(text) as AuditState;
    if (state.question.officer !== officer) throw none;
    await truncate(join(folder.#path, FINDINGS_FILE), state.findings);
    return { folder, state };
  }

  get marks(): string {
    return join(this.#path, "marks");
  }

  async keep(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`).join("");
    await appendFile(join(this.#path, FINDINGS_FILE), lines);
  }

  async kept(): Promise<Finding[]> {
    const text = await readFile(join(this.#path, FINDINGS_FILE), "utf8");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Finding);
  }

  async save(state: Omit<AuditState, "findings">): Promise<void> {
    const { size: findings } = await stat(join(this.#path, FINDINGS_FILE));
    const path = join(this.#path, STATE_FILE);
    await writeFile(`${path}.new`, JSON.stringify({ ...state, findings }), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }
}

async function forgetOld(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (const name of await readdir(root)) {
    const { mtimeMs } = await stat(join(root, name));
    if (mtimeMs < Date.now() - KEEP_MS) await rm(join(root, name), { recursive: true, force: true });
  }
}
