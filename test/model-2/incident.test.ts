import type { CaseState } from "@wanlian/model/kernel/act.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  DIVISIONS,
  digest,
  divisions,
  grant,
  HEALTH,
  note,
  POLICE,
  POLICY_1,
} from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const answering = officer(HEALTH, "administrator");
const bureau = officer(BUREAU, "steward", "administrator");
const third = officer(POLICE, "user", "steward", "administrator");
const COMPANY = "91411300MA3X000001";

const account = note;
const report = { kind: "probing", severity: 2, noticed: "2026-09-28T00:59:00Z", account };
const responsibility = { stage: "application", responsible: HEALTH, principle: "uses", reasons: note };
const WITH_DEADLINES = {
  model: 2,
  deadlines: [
    ...POLICY_1.deadlines,
    { kind: "incidentInvestigation", workingDays: 5, article: "a" },
    { kind: "incidentRemedy", workingDays: 5, article: "a" },
    { kind: "incidentClosing", workingDays: 5, article: "a" },
  ],
};

function opened(policy: object = WITH_DEADLINES) {
  const world = World.withDataset(divisions, policy);
  const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
  world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
  const step = (by: ReturnType<typeof officer>, id: string | undefined, type: string, body: object = {}) =>
    world.act(by, { noun: "incident", type, ...(id === undefined ? {} : { case: id }), body });
  const refused = (by: ReturnType<typeof officer>, id: string | undefined, type: string, body: object = {}) =>
    world.refusal(by, { noun: "incident", type, ...(id === undefined ? {} : { case: id }), body }).code;
  const full = { ...report, concerned: HEALTH, dataset: DIVISIONS, grant: granted, evidence: digest("e") };
  const begin = (body: object = full) => step(third, undefined, "report", body).case;
  const stateOf = (id: string) =>
    world.head({ noun: "incident", case: id }).state as CaseState & Record<string, unknown>;
  const assigned = (more: object = {}) => {
    const id = begin();
    step(steward, id, "investigate");
    step(steward, id, "assign", { ...responsibility, ...more });
    return id;
  };
  return { world, granted, full, step, refused, begin, stateOf, assigned };
}

describe("an incident", () => {
  it("is reported by any member, looked into, followed to who answers for it, remedied and closed", () => {
    const { world, step, begin, stateOf, full } = opened();
    world.act(officer(HEALTH, "administrator"), {
      ...{ noun: "member", type: "engage", case: HEALTH },
      body: {
        code: COMPANY,
        name: "a company",
        scope: [`${HEALTH}/births`],
        from: "2026-09-28T01:00:00Z",
        to: "2027-01-01T00:00:00Z",
      },
    });
    const id = begin();
    expect(stateOf(id)).to.include({ status: "reported", author: POLICE, provider: CIVIL, concerned: HEALTH });
    step(steward, id, "investigate", { note });
    step(steward, id, "assign", { ...responsibility, officer: "7001", company: COMPANY });
    expect(stateOf(id)).to.deep.include({
      status: "assigned",
      responsible: HEALTH,
      responsibility: {
        stage: "application",
        responsible: HEALTH,
        principle: "uses",
        officer: "7001",
        company: COMPANY,
      },
    });
    step(answering, id, "remedy", { measures: note, evidence: digest("f") });
    step(bureau, id, "close", { outcome: "remedied", reasons: note });
    expect(stateOf(id)).to.include({ status: "closed", outcome: "remedied", kind: full.kind });
    const deadlines = stateOf(id).deadlines as { readonly kind: string; readonly ended?: string }[];
    expect(deadlines.map(({ kind, ended }) => [kind, ended !== undefined])).to.deep.equal([
      ["incidentInvestigation", true],
      ["incidentRemedy", true],
      ["incidentClosing", true],
    ]);
  });

  it("can be known by little: without dataset, grant or department it is the bureau's to look into", () => {
    const { step, refused, begin, stateOf } = opened();
    const id = begin(report);
    expect(stateOf(id)).to.not.have.any.keys("provider", "concerned", "dataset", "grant");
    expect(refused(steward, id, "investigate")).to.equal("NOT_OWNER");
    step(bureau, id, "investigate");
    step(bureau, id, "reject", { reasons: note });
    expect(stateOf(id).status).to.equal("rejected");
  });

  it("is not looked into by a provider that it is about", () => {
    const { refused, begin, stateOf, full } = opened();
    const id = begin({ ...full, concerned: CIVIL });
    expect(stateOf(id)).to.not.have.property("provider");
    expect(refused(steward, id, "investigate")).to.equal("NOT_OWNER");
  });

  it("tells all whom it names, and says who owes what", () => {
    const { assigned, stateOf } = opened();
    const id = assigned();
    const described = model2.nouns.incident?.describe({ noun: "incident", case: id }, stateOf(id), undefined);
    expect(described?.parties).to.deep.equal([
      { department: CIVIL, relation: "provider" },
      { department: HEALTH, relation: "responsible" },
      { department: HEALTH, relation: "concerned" },
      { department: POLICE, relation: "author" },
    ]);
    expect(described?.references.map(({ noun }) => noun)).to.deep.equal(["dataset", "application"]);
    const owners = described?.deadlines.map(({ kind, owner }) => [kind, owner]);
    expect(owners).to.deep.equal([
      ["incidentInvestigation", "bureau"],
      ["incidentRemedy", "responsible"],
    ]);
    expect(model2.reading.owedByBureau).to.include.members([
      "incidentInvestigation",
      "incidentClosing",
      "disputeSettlement",
    ]);
  });

  it("has its responsibility contested once; what the bureau then says stands", () => {
    const { step, refused, assigned, stateOf } = opened();
    const id = assigned();
    expect(refused(third, id, "contest", { reasons: note })).to.equal("NOT_OWNER");
    step(answering, id, "contest", { reasons: note });
    expect(refused(steward, id, "assign", responsibility), "its provider decides no more").to.equal("NOT_OWNER");
    step(bureau, id, "assign", { ...responsibility, principle: "manages", stage: "sharing", responsible: CIVIL });
    expect(stateOf(id)).to.include({ status: "assigned", responsible: CIVIL });
    expect(refused(steward, id, "contest", { reasons: note })).to.equal("LIMIT_REACHED");
  });

  it("ends without a remedy only once that is overdue and was urged, and then as not remedied", () => {
    const { world, step, refused, assigned, stateOf } = opened();
    const id = assigned();
    const close = { outcome: "notRemedied", reasons: note };
    expect(refused(bureau, id, "close", close)).to.equal("TOO_EARLY");
    expect(refused(bureau, id, "urge")).to.equal("TOO_EARLY");
    world.tick("2026-10-20T01:00:00Z");
    expect(refused(bureau, id, "close", close), "nobody has urged it").to.equal("TOO_EARLY");
    step(bureau, id, "urge", { reasons: note });
    expect(refused(bureau, id, "close", { ...close, outcome: "remedied" })).to.equal("WRONG_STATE");
    step(bureau, id, "close", close);
    expect(stateOf(id)).to.include({ status: "closed", outcome: "notRemedied" });
  });

  it("comes to an end by the bureau from every state, also where the policy sets no dates", () => {
    const { step, begin, assigned, stateOf } = opened({ model: 2 });
    const reported = begin();
    step(bureau, reported, "reject", { reasons: note });
    const id = assigned();
    step(bureau, id, "close", { outcome: "notRemedied", reasons: note });
    const contested = assigned();
    step(answering, contested, "contest", { reasons: note });
    step(bureau, contested, "assign", responsibility);
    step(bureau, contested, "close", { outcome: "notRemedied", reasons: note });
    for (const one of [id, contested]) expect(stateOf(one).status).to.equal("closed");
  });

  const REFUSED: [string, (told: ReturnType<typeof opened>) => object, string][] = [
    ["that will be noticed", ({ full }) => ({ ...full, noticed: "2026-09-28T01:00:01Z" }), "INVALID_INPUT"],
    ["under a grant that is not there", ({ full }) => ({ ...full, grant: digest("7") }), "NOT_FOUND"],
    ["of another dataset than the grant's", ({ full }) => ({ ...full, dataset: `${CIVIL}/towns` }), "MISMATCH"],
    ["of a grant between others", ({ full }) => ({ ...full, concerned: POLICE }), "MISMATCH"],
    ["of a kind that there is none of", ({ full }) => ({ ...full, kind: "boredom" }), "INVALID_INPUT"],
  ];
  for (const [what, body, code] of REFUSED)
    it(`is none ${what}: ${code}`, () => {
      const told = opened();
      expect(told.refused(third, undefined, "report", body(told))).to.equal(code);
    });

  it("is assigned to a company only where that works or has worked", () => {
    const { world, step, refused, begin } = opened();
    const id = begin();
    step(steward, id, "investigate");
    const named = { ...responsibility, company: COMPANY };
    expect(refused(steward, id, "assign", named)).to.equal("MISMATCH");
    const engagement = {
      code: COMPANY,
      name: "a company",
      scope: [`${HEALTH}/births`],
      from: "2026-09-28T01:00:00Z",
      to: "2027-01-01T00:00:00Z",
    };
    world.act(officer(HEALTH, "administrator"), { noun: "member", type: "engage", case: HEALTH, body: engagement });
    world.act(officer(HEALTH, "administrator"), {
      noun: "member",
      type: "dismiss",
      case: HEALTH,
      body: { code: COMPANY },
    });
    step(steward, id, "assign", named);
    expect(refused(steward, begin(), "assign", responsibility)).to.equal("WRONG_STATE");
    const nobody = begin();
    step(bureau, nobody, "investigate");
    expect(refused(bureau, nobody, "assign", { ...responsibility, responsible: "NobodyMSP" })).to.equal("NOT_FOUND");
  });

  it("stands beside a grant that was suspended for it, also when that is resumed", () => {
    const { world, granted, begin } = opened();
    const incident = begin();
    const asked = { noun: "application", case: granted } as const;
    const unknown = { reasons: note, incident: digest("7") };
    expect(world.refusal(steward, { ...asked, type: "suspend", body: unknown }).code).to.equal("NOT_FOUND");
    world.act(steward, { ...asked, type: "suspend", body: { reasons: note, incident } });
    world.act(steward, { ...asked, type: "resume", body: {} });
    const { state } = world.head(asked);
    const { references } = model2.nouns.application?.describe(asked, state as CaseState, undefined) ?? {};
    expect(references).to.deep.include({ noun: "incident", case: incident });
    world.act(steward, { ...asked, type: "suspend", body: { reasons: note } });
  });

  it("offers each department on its page what it may do", () => {
    const { world, assigned, stateOf } = opened();
    const id = assigned();
    const offered = (actor: ReturnType<typeof officer>) =>
      allowedActions(model2, {
        ...{ ref: { noun: "incident", case: id }, state: stateOf(id), actor, policy: { bureau: BUREAU } },
        ...{ time: world.state("clock", "clock").time, heads: world.heads.head },
      });
    expect(offered(answering)).to.deep.equal(["contest", "remedy"]);
    expect(offered(steward)).to.deep.equal([]);
    expect(offered(third)).to.deep.equal([]);
  });
});
