import { mkdtemp, readdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditFolder, type AuditState } from "@wanlian/client/audit/audit-folder.js";
import type { Finding } from "@wanlian/client/audit/finding.js";
import { FindingLedger } from "@wanlian/client/audit/finding-ledger.js";
import type { LedgerPast, RuleAt } from "@wanlian/client/read/ledger-reader.js";
import { RememberedHistory } from "@wanlian/client/read/past/remembered-history.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { AccessRequest } from "@wanlian/verify";
import { expect } from "chai";

const QUESTION = { officer: "9100", mandate: "ab", departments: [], filter: {}, show: "findings" } as const;
const STATE = {
  ...{ question: QUESTION, salt: 7, parties: [], logs: [], marks: undefined },
  counted: {},
} as unknown as Omit<AuditState, "findings">;
const finding = (entries: number, department = "CivilMSP"): Finding => ({ kind: "WITHHELD", entries, department });

describe("the folder of an audit under way", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "wanlian-audits-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is gone on with by the officer who asked, from what was written down last", async () => {
    const folder = await AuditFolder.begin(root);
    await folder.keep([finding(1), finding(2)]);
    await folder.save(STATE);
    await folder.keep([finding(3)]);
    await folder.keep([]);
    const { folder: again, state } = await AuditFolder.resume(root, folder.id, "9100");
    expect(state).to.deep.include({ question: QUESTION, salt: 7 });
    expect(await again.kept()).to.deep.equal([finding(1), finding(2)]);
    expect(again.marks).to.equal(folder.marks);
  });

  const others: [title: string, id: (own: string) => string, officer: string][] = [
    ["by another officer", (own) => own, "9101"],
    ["under another name", (own) => (own.startsWith("0") ? `1${own.slice(1)}` : `0${own.slice(1)}`), "9100"],
    ["under a name that leads elsewhere", (own) => `../${own}`, "9100"],
    ["under a name that goes on", (own) => `${own}0`, "9100"],
    ["under a name that begins before", (own) => `0${own}`, "9100"],
    ["under no name", () => "", "9100"],
  ];
  for (const [title, idOf, officer] of others) {
    it(`is not gone on with ${title}`, async () => {
      const folder = await AuditFolder.begin(root);
      await folder.save(STATE);
      const refused = await AuditFolder.resume(root, idOf(folder.id), officer).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(LedgerError).and.have.property("code", "NOT_FOUND");
    });
  }

  it("is the node's own, and gone when it is over", async () => {
    const folder = await AuditFolder.begin(root);
    await folder.save(STATE);
    const path = join(root, folder.id);
    expect((await stat(path)).mode & 0o777).to.equal(0o700);
    for (const name of await readdir(path)) expect((await stat(join(path, name))).mode & 0o777, name).to.equal(0o600);
    await folder.remove();
    expect(await readdir(root)).to.deep.equal([]);
  });

  it("is forgotten after a week in which nobody went on with it, and not before", async () => {
    const [old, young] = [await AuditFolder.begin(root), await AuditFolder.begin(root)];
    const ago = (seconds: number) => new Date(Date.now() - 7 * 86_400_000 - seconds * 1000);
    await utimes(join(root, old.id), ago(60), ago(60));
    await utimes(join(root, young.id), ago(-60), ago(-60));
    const next = await AuditFolder.begin(root);
    expect((await readdir(root)).sort()).to.deep.equal([young.id, next.id].sort());
  });
});

describe("the findings of an audit", () => {
  it("are told a thousand of a kind and department, and counted all, over a break too", async () => {
    const kept: Finding[] = [];
    const folder = { keep: async (found: readonly Finding[]) => void kept.push(...found) } as unknown as AuditFolder;
    const many = (count: number, department?: string) =>
      Array.from({ length: count }, (_, at) => finding(at, department));
    const ledger = new FindingLedger(folder);
    expect(await ledger.keep(many(999))).to.have.length(999);
    const again = new FindingLedger(folder, ledger.counted);
    expect(await again.keep([finding(1), finding(2), finding(3, "PoliceMSP")])).to.deep.equal([
      finding(1),
      finding(3, "PoliceMSP"),
    ]);
    expect(kept).to.have.length(1001);
    expect(again.totals()).to.deep.equal([
      { kind: "WITHHELD", department: "CivilMSP", count: 1001 },
      { kind: "WITHHELD", department: "PoliceMSP", count: 1 },
    ]);
  });
});

describe("what an audit asks of the ledger's past", () => {
  const request = { grant: "g", release: "r", consumer: "c" } as unknown as AccessRequest;
  const mandated = { ...request, mandate: "m" } as unknown as AccessRequest;
  let asked: string[];
  let failing: boolean;
  let history: RememberedHistory;
  beforeEach(() => {
    asked = [];
    failing = false;
    const tell = async <T>(what: string, value: T) => {
      asked.push(what);
      if (failing) throw new Error("the database is away");
      return value;
    };
    history = new RememberedHistory({
      blockHash: (number: number) => tell(`hash ${number}`, `h${number}`),
      rulesAt: (height: number) => tell(`rules ${height}`, undefined),
      ruleAt: ({ grant }: AccessRequest, height: number) => tell(`rule ${grant} ${height}`, {} as RuleAt),
      anchors: (department: string) => tell(`anchors ${department}`, []),
      position: () => ({ height: 9 }),
    } as unknown as LedgerPast);
  });

  it("is read once, whatever it is, but for what still grows", async () => {
    for (let twice = 0; twice < 2; twice += 1) {
      expect(await history.blockHash(1)).to.equal("h1");
      await history.rulesAt(1);
      await history.ruleAt(request, 1);
      await history.anchors("CivilMSP" as never);
    }
    expect(asked).to.deep.equal(["hash 1", "rules 1", "rule g 1", "anchors CivilMSP", "anchors CivilMSP"]);
    expect(history.position().height).to.equal(9);
  });

  it("is another where anything that decides is another", async () => {
    for (const other of [
      { ...request, grant: "x" },
      { ...request, release: "x" },
      { ...request, consumer: "x" },
      mandated,
    ]) {
      await history.ruleAt(other as unknown as AccessRequest, 1);
    }
    await history.ruleAt(request, 1);
    await history.ruleAt(request, 2);
    expect(asked).to.have.length(6);
  });

  it("is asked again where it could not be read", async () => {
    failing = true;
    expect(await history.blockHash(1).catch((error: Error) => error.message)).to.equal("the database is away");
    failing = false;
    expect(await history.blockHash(1)).to.equal("h1");
  });
});
