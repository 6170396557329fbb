import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type { FrontDoor } from "@wanlian/client/api/server/front-door.js";
import { type ApiOptions, createApi } from "@wanlian/client/api/server/server.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { Db } from "@wanlian/client/read";
import type { AskForText } from "@wanlian/client/texts/case-texts.js";
import type { AskForReport } from "@wanlian/client/texts/reports.js";
import type { Role } from "@wanlian/model/roles.js";
import { pino } from "pino";
import { officerWorld, PASSPHRASE } from "../keys/officer.js";
import { DescribedAnswers } from "./described.js";
import { BUREAU, FakeChannel, FakeLedger } from "./fake-ledger.js";

export const CIVIL = "CivilMSP";
export const HEALTH = "HealthMSP";
export const DATASET = "CivilMSP/divisions";
export { BUREAU };

export interface Answered {
  status: number;
  headers: Headers;
  body: unknown;
  /** What stands at a path of the body: `items.0.case`. */
  get(path: string): unknown;
}

export interface WorldOptions {
  readonly department?: string;
  readonly channel?: FakeChannel;
  /** Officers by number, with their roles. */
  readonly enrolled?: Readonly<Record<string, readonly Role[]>>;
  readonly askForText?: AskForText;
  readonly askForReport?: AskForReport;
  /** PostgreSQL's; embedded SQL by default. */
  readonly databaseUrl?: string;
  /** Folder of the page to serve beside the API. */
  readonly page?: string;
  readonly door?: FrontDoor;
  readonly refusal?: ApiOptions["refusal"];
  /** Of the node's other parts. */
  readonly operations?: ApiOptions["operations"];
}

const OFFICERS: NonNullable<WorldOptions["enrolled"]> = {
  "CA-1": ["steward", "user"],
  "CA-2": ["administrator"],
  "CA-3": ["user"],
};

/** A department's node behind HTTP, on a ledger of three departments. */
export interface ApiWorld {
  ledger: FakeLedger;
  readonly db: Db;
  base: string;
  logged(): string;
  call(
    method: string,
    path: string,
    more?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answered>;
  logIn(officer: string): Promise<string>;
  /** Files as an officer, with a fresh key. */
  file(token: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  stop(): Promise<void>;
}

let keys = 0;

export async function apiWorld(options: WorldOptions = {}): Promise<ApiWorld> {
  const {
    department = CIVIL,
    enrolled = OFFICERS,
    askForText,
    askForReport,
    databaseUrl,
    page,
    door,
    refusal,
    operations = [],
  } = options;
  const channel = options.channel ?? (await FakeChannel.open());
  const officers = await officerWorld();
  for (const [number, roles] of Object.entries(enrolled)) await officers.enrolLightly(number, roles);
  const db = await openDatabase({ directory: officers.directory, url: databaseUrl });
  const ledger = await FakeLedger.join(department, db, channel);
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const server: Server = createServer(
    createApi({
      ...{
        services: ledger,
        db,
        officers: officers.store,
        log: pino(sink),
        askForText,
        askForReport,
        page,
        operations,
      },
      ...(door === undefined ? {} : { door }),
      ...(refusal === undefined ? {} : { refusal }),
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;

  const described = new DescribedAnswers(base);
  const call: ApiWorld["call"] = async (method, path, { token, body, headers = {} } = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.ok) await described.expect(method, path, response.status, parsed);
    return { status: response.status, headers: response.headers, body: parsed, get: (place) => at(parsed, place) };
  };
  return {
    ledger,
    db,
    base,
    call,
    logged: () => lines.join(""),
    logIn: async (officer) => {
      const answer = await call("POST", "/sessions", { body: { officer, passphrase: PASSPHRASE } });
      return String(answer.get("token"));
    },
    file: (token, path, body, headers = {}) =>
      call("POST", path, { token, body, headers: { "Idempotency-Key": `test-key-${keys++}`, ...headers } }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await db.destroy();
      await officers.remove();
    },
  };
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, name) => (typeof found === "object" && found !== null ? Reflect.get(found, name) : undefined),
      value,
    );
}

/** Policy 1, the clock, and the three founders' member acts. @param model the version of the rules that it begins with */
export async function openChannel({ ledger }: ApiWorld, model = POLICY.model): Promise<void> {
  const founders = [BUREAU, CIVIL, HEALTH];
  const administrator: Role[] = ["administrator"];
  await ledger.act(BUREAU, administrator, { noun: "policy", type: "open", body: { ...POLICY, model, founders } });
  ledger.shared.demo = true;
  await ledger.act(BUREAU, ["node"], { noun: "clock", type: "tick", body: { time: "2026-09-21T01:00:00Z" } });
  for (const [index, department] of founders.entries()) {
    const body = { name: `Department ${index}`, level: "municipal", head: "H-1", deputy: "H-2", stewards: ["S-1"] };
    await ledger.act(department, administrator, { noun: "member", type: "join", body });
  }
}

/** Puts another version of the rules in force from the next day on, and lets that day come. */
export async function goOnTo({ ledger }: ApiWorld, model: number): Promise<void> {
  const { calendar: _calendar, bureau: _bureau, demo: _demo, opened: _opened, ...rules } = POLICY;
  const body = { ...rules, model, from: "2026-09-22" };
  await ledger.act(BUREAU, ["administrator"], { noun: "policy", case: "policy", type: "amend", body });
  const day = { noun: "clock", case: "clock", type: "tick", body: { time: "2026-09-22T01:00:00Z" } };
  await ledger.act(BUREAU, ["node"], day);
}

/** What an objection to the first row of a release says. */
export const objectionTo = (release: string) => ({
  dataset: DATASET,
  release,
  dimension: "timeliness",
  fields: ["name"],
  rowCount: 1,
  rows: [1],
  evidence: "d".repeat(64),
  claim: { digest: "c".repeat(64) },
});

const days = (kind: string) => ({ kind, workingDays: 5, article: "plan item 6" });

const POLICY = {
  profile: "nanyang-2022",
  model: 2,
  endorsers: 2,
  deadlines: ["applicationReply", "objectionVerification", "objectionCorrection", "objectionConfirmation"].map(days),
  emergency: { maxCalendarDays: 15, article: "plan item 6" },
  purposes: ["verification", "lookup", "analysis", "collaboration"],
  legalBases: ["plan-5", "wanzhengban-2022-69"].map((id) => ({ id, title: "Plan", article: "item 5" })),
  laterNotices: "stand",
  calendar: [{ year: 2026, notice: "made up", holidays: ["2026-10-01", "2026-10-02"], makeUpDays: ["2026-10-10"] }],
  bureau: BUREAU,
  demo: true,
  opened: "2026-09-21T00:00:00Z",
};

const field = (name: string) => ({ name, type: "字符型", meaning: `${name} of a division`, sensitivity: 1 });

export const ENTRY = {
  name: "行政区划代码",
  abstract: "Codes of administrative divisions",
  category: ["基础信息", "区划"],
  sourceSystem: "register",
  format: "CSV",
  fields: [field("code"), field("name")],
  share: { class: "conditional", basis: "plan-5", mode: "file" },
  open: { class: "closed" },
  grade: 1,
  updateCycle: "yearly",
  quality: [],
  published: "2026-09-21",
};
