import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdTable, writeClaim } from "@wanlian/client/sheets/index.js";
import { expect } from "chai";
import { runWanlian } from "./wanlian.js";

const OBJECTION = "ab".repeat(32);
const RELEASE = "01".repeat(32);
const CORRECTION = "02".repeat(32);
const BEFORE = "code,name\n1,宛城\n2,卧龙\n3,新野\n";
const CELLS = [
  { row: 0, field: "name", stands: "宛城", should: "宛城区" },
  { row: 1, field: "name", stands: "卧龙", should: "卧龙区" },
];

describe("wanlian objection check", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-correction-"));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  const digestsOf = async (csv: string) =>
    (
      await holdTable(async function* () {
        yield Buffer.from(csv);
      })
    ).digests;

  interface Told {
    /** What the correcting release registered, where it is not the file. */
    readonly registered?: string;
    readonly cells?: typeof CELLS;
    readonly corrections?: readonly string[];
    /** Left out: the node lacks the claim's text. */
    readonly claim?: boolean;
    readonly evidence?: string;
  }
  /** What the command says of a correction, from a node that has the objection and both releases. */
  async function check(
    after: string,
    { registered = after, cells = CELLS, corrections, claim = true, evidence }: Told = {},
  ) {
    const whole = writeClaim({ words: "wrong names", cells });
    const [old, corrected] = ["before.csv", "after.csv"].map((name) => join(folder, name)) as [string, string];
    await writeFile(old, BEFORE);
    await writeFile(corrected, after);
    const raised = { number: 1, body: { evidence: createHash("sha256").update(whole).digest("hex") } };
    const answers: Record<string, unknown> = {
      [`/objections/${OBJECTION}`]: {
        case: { state: { release: RELEASE, corrections: corrections ?? [CORRECTION], status: "corrected" } },
      },
      [`/objections/${OBJECTION}/acts`]: { items: [raised] },
      [`/releases/${RELEASE}/acts`]: { items: [{ body: { fields: await digestsOf(BEFORE) } }] },
      [`/releases/${CORRECTION}/acts`]: { items: [{ body: { fields: await digestsOf(registered) } }] },
      "/texts": { items: [{ member: "claim", ...(claim ? { text: whole } : { missing: "UNREACHABLE" }) }] },
    };
    const server = createServer((request, response) => {
      const answer = answers[(request.url ?? "").replace(/^\/api\/v1/, "").replace(/\?.*/, "")];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { code: "NO_SUCH_CASE" }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = join(folder, "evidence.txt");
    if (evidence !== undefined) await writeFile(file, evidence);
    const argv = ["--json", "objection", "check", OBJECTION, "--before", old, "--after", corrected, "--key", "code"];
    const more = evidence === undefined ? [] : ["--evidence", file];
    try {
      const ran = await runWanlian([...argv, ...more], { WANLIAN_NODE: node, WANLIAN_TOKEN: "t", LANG: "en_US.UTF-8" });
      const found = ran.out === "" ? [] : (JSON.parse(ran.out) as { cells: { fate: string }[] }).cells;
      return { ...ran, fates: found.map(({ fate }) => fate) };
    } finally {
      server.close();
    }
  }

  it("says of each cell what became of it, and ends well where all are corrected, wherever the rows are now", async () => {
    const { code, fates, err } = await check("code,name\n0,南召县\n2,卧龙区\n1,宛城区\n3,新野\n");
    expect([code, err]).to.deep.equal([0, ""]);
    expect(fates).to.deep.equal(["corrected", "corrected"]);
  });

  it("ends with an error where one is not, and leaves the decision to the objector", async () => {
    const { code, fates, err } = await check("code,name\n1,宛城区\n2,卧龙\n3,新野\n");
    expect([code, fates]).to.deep.equal([1, ["corrected", "unchanged"]]);
    expect(err).to.contain("yours to decide");
    expect((await check("code,name\n1,宛\n2,卧龙区\n3,新野\n")).fates).to.deep.equal(["changed", "corrected"]);
  });

  it("takes no file that is not the release", async () => {
    const good = "code,name\n1,宛城区\n2,卧龙区\n3,新野\n";
    const { code, err } = await check(good, { registered: BEFORE });
    expect([code, err.includes(CORRECTION)]).to.deep.equal([1, true]);
  });

  it("reads all cells from the evidence, and no other file for it", async () => {
    const good = "code,name\n1,宛城区\n2,卧龙区\n3,新野\n";
    const evidence = writeClaim({ words: "wrong names", cells: CELLS });
    expect((await check(good, { claim: false, evidence })).fates).to.have.length(2);
    expect((await check(good, { claim: false, evidence: `${evidence} ` })).code).to.equal(1);
    expect((await check(good, { claim: false })).err).to.contain("UNREACHABLE");
  });

  it("needs a correction and cells to look at", async () => {
    expect((await check(BEFORE, { corrections: [] })).code).to.equal(2);
    expect((await check(BEFORE, { cells: [] })).code).to.equal(2);
  });
});
