import { actorOf } from "@wanlian/client/ledger/creator.js";
import { planCommand } from "@wanlian/client/submission/plan.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import { CIVIL } from "../../model/bodies.js";
import { logSigner } from "../../model/grown-log.js";
import { publishDemand, TestLedger, type TestOfficer, withdrawDemand } from "../test-ledger.js";

describe("a plan for a command", () => {
  let ledger: TestLedger;
  let user: TestOfficer;
  let steward: TestOfficer;
  before(async () => {
    ledger = await TestLedger.opened();
    user = await ledger.officer("CivilMSP", "1001", "user");
    steward = await ledger.officer("CivilMSP", "2001", "steward");
  });
  after(() => ledger.remove());

  type Command = Parameters<TestLedger["make"]>[1];
  const plan = ({ identity }: TestOfficer, command: Command) =>
    planCommand(command, actorOf(identity.creator) ?? expect.fail("no officer"), ledger.heads, RELEASED);
  async function put(officer: TestOfficer, command: Command): Promise<string> {
    const made = await ledger.make(officer, command);
    ledger.appendValid(made);
    return made.act.case;
  }

  it("has seen nothing of a case that it begins, and the clock as it stands", () => {
    const { seen, clock, act } = plan(user, publishDemand("new"));
    expect({ seen, clock, number: act.number }).to.deep.equal({ seen: 0, clock: 1, number: 1 });
  });

  it("has seen its own case's last act", async () => {
    const id = await put(user, publishDemand("own"));
    expect(plan(user, withdrawDemand(id))).to.include({ seen: 1 });
  });

  it("takes no other case of the same kind for its own: of a release made of another it has seen nothing", async () => {
    const field = (name: string) => ({ name, type: "C", meaning: name, sensitivity: 1 });
    const dataset = (await put(steward, {
      ...{ noun: "dataset", case: null, type: "register" },
      body: {
        ...{ code: "divisions", name: "divisions", abstract: "codes", category: ["base"], sourceSystem: "register" },
        ...{ format: "CSV", fields: [field("code")], share: { class: "unconditional", mode: "interface" } },
        ...{ open: { class: "closed" }, grade: 1, updateCycle: "yearly", quality: [], published: "2026-01-01" },
      },
    })) as DatasetId;
    const fields = [{ name: "code", digest: "14".repeat(32) as Digest }];
    const release = (derivedFrom: readonly string[]): Command => ({
      ...{ noun: "release", case: null, type: "register" },
      body: {
        ...{ dataset, fields, root: releaseRoot(fields), rows: 3, rowRoot: "c".repeat(64), derivedFrom, selfCheck: [] },
        period: { from: "2025-01-01", to: "2025-12-31" },
      },
    });
    const source = await put(steward, release([]));
    const { seen, basis } = plan(steward, release([source]));
    expect(basis.find((entry) => entry.case === source)).to.include({ noun: "release", act: 1 });
    expect(seen).to.equal(0);
  });

  it("takes no case of the same id for its own: a member's case is not its log's", async () => {
    const signer = logSigner(CIVIL, 1);
    const body = { key: formatVerifierKey(signer.key), checkpoint: signCheckpoint(EMPTY_TREE, signer) };
    const node = await ledger.officer("CivilMSP", "9000", "node");
    const { seen, basis } = plan(node, { noun: "log", case: null, type: "open", body });
    expect(basis.find(({ noun }) => noun === "member")).to.include({ case: CIVIL, act: 1 });
    expect(seen).to.equal(0);
  });
});
