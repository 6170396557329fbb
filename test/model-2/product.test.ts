import type { CaseState } from "@wanlian/model/kernel/act.js";
import { HOWS } from "@wanlian/model/model-2/derivation.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import {
  application,
  CIVIL,
  digest,
  divisions,
  grant,
  HEALTH,
  note,
  objection,
  POLICE,
  release,
} from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");

const opened = () => World.withDataset(divisions, { model: 2 });
const registered = (world: World, body: object = {}) =>
  world.act(steward, { noun: "release", type: "register", body: { ...release, ...body } }).case;
const pairs = (...names: readonly string[]) => names.map((name) => ({ field: name, as: name }));
const producing = (body: object) => ({ noun: "product", type: "register", body }) as const;
const stateOf = (world: World, noun: "product" | "release", id: string) =>
  world.head({ noun, case: id } as never).state as unknown as Readonly<Record<string, unknown>>;

/** A user of the health commission with a grant on code and name of the division codes. */
function granted(world: World): string {
  const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
  world.act(steward, { noun: "application", type: "grant", case: id, body: grant });
  return id;
}

interface Made {
  readonly world: World;
  readonly source: string;
  readonly grant: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly sources: readonly object[] };
}

/** Births by division, counted by the health commission on a release of the division codes. */
function births(more: object = {}): Made {
  const world = opened();
  const source = registered(world);
  const grant = granted(world);
  const counted = { source, grant, how: "aggregated", fields: [{ field: "code", as: "births" }], program: digest("c") };
  const body = { kind: "report", name: "births by division", use: "health statistics", digest: digest("d") };
  return { world, source, grant, body: { ...body, sources: [{ ...counted, ...more }] } };
}

/** An objection of the health commission to a release, as far as the provider's conclusion. */
function objected(world: World, id: string, outcome: "substantiated" | "unsubstantiated"): string {
  const { case: raised } = world.act(user, { noun: "objection", type: "raise", body: objection(id) });
  world.act(steward, { noun: "objection", type: "accept", case: raised, body: {} });
  const conclusion = { outcome, reasons: note };
  world.act(steward, { noun: "objection", type: "conclude", case: raised, body: conclusion });
  return raised;
}

describe("a product", () => {
  it("says what it was made from, field by field, how and by which program, under which grant", () => {
    const { world, source, grant, body } = births();
    const { case: id } = world.act(user, producing(body));
    expect(stateOf(world, "product", id)).to.include({ status: "registered", author: HEALTH, name: body.name });
    expect(stateOf(world, "product", id)).to.deep.include({ derivedFrom: [source], grants: [grant] });
    const described = model2.nouns.product?.describe(
      { noun: "product", case: id },
      stateOf(world, "product", id) as unknown as CaseState,
      body,
    );
    expect(described?.parties).to.deep.equal([{ department: HEALTH, relation: "author" }]);
    expect(described?.references).to.deep.equal([
      { noun: "release", case: source },
      { noun: "application", case: grant },
    ]);
  });

  it("is made of one's own data without a grant, in every way, and also after a grant's end", () => {
    const { world, source, grant, body } = births();
    world.act(steward, {
      noun: "application",
      type: "revoke",
      case: grant,
      body: { reasons: note, basis: "pipl-28" },
    });
    world.act(user, producing(body));
    const sources = HOWS.map((how) => ({ source, how, fields: pairs("level") }));
    world.act(steward, producing({ ...body, kind: "service", sources }));
  });

  const REFUSED: [string, (made: Made) => object, string][] = [
    ["another's data without a grant", ({ source }) => ({ source, how: "copied", fields: pairs("code") }), "MISMATCH"],
    ["a field that was not granted", ({ body }) => ({ ...body.sources[0], fields: pairs("level") }), "MISMATCH"],
    ["a field that the release has not", ({ body }) => ({ ...body.sources[0], fields: pairs("none") }), "MISMATCH"],
    ["a release that is not there", ({ body }) => ({ ...body.sources[0], source: digest("9") }), "NOT_FOUND"],
    ["a grant that is not there", ({ body }) => ({ ...body.sources[0], grant: digest("9") }), "NOT_FOUND"],
    [
      "what was applied for and not granted",
      ({ world, body }) => {
        const { case: asked } = world.act(user, { noun: "application", type: "apply", body: application });
        return { ...body.sources[0], grant: asked };
      },
      "WRONG_STATE",
    ],
    [
      "a grant on another dataset",
      ({ world, body }) => {
        world.act(steward, { noun: "dataset", type: "register", body: { ...divisions, code: "towns" } });
        const other = { dataset: `${CIVIL}/towns` };
        const { case: asked } = world.act(user, {
          noun: "application",
          type: "apply",
          body: { ...application, ...other },
        });
        world.act(steward, { noun: "application", type: "grant", case: asked, body: { ...grant, ...other } });
        return { ...body.sources[0], grant: asked };
      },
      "MISMATCH",
    ],
    [
      "what was granted for comparison alone",
      ({ world, body }) => {
        const { case: asked } = world.act(user, { noun: "application", type: "apply", body: application });
        const only = { ...grant, only: "comparison" };
        world.act(steward, { noun: "application", type: "grant", case: asked, body: only });
        return { ...body.sources[0], grant: asked };
      },
      "OUT_OF_SCOPE",
    ],
    ["a pair of fields twice", ({ body }) => ({ ...body.sources[0], fields: pairs("code", "code") }), "INVALID_INPUT"],
    ["no field", ({ body }) => ({ ...body.sources[0], fields: [] }), "INVALID_INPUT"],
    ["a way that nobody knows", ({ body }) => ({ ...body.sources[0], how: "guessed" }), "INVALID_INPUT"],
  ];
  for (const [what, source, code] of REFUSED) {
    it(`is not made of ${what}: ${code}`, () => {
      const made = births();
      const sources = [source(made)];
      expect(made.world.refusal(user, producing({ ...made.body, sources })).code).to.equal(code);
    });
  }

  it("names a source once in each way, and nobody else's grant", () => {
    const { world, body } = births();
    const twice = { ...body, sources: [...body.sources, ...body.sources] };
    expect(world.refusal(user, producing(twice)).code).to.equal("INVALID_INPUT");
    expect(world.refusal(officer(POLICE, "user"), producing(body)).code).to.equal("NOT_OWNER");
  });

  it("takes the place of an earlier one of its author, and of nobody else's", () => {
    const { world, source, body } = births();
    const { case: revises } = world.act(user, producing(body));
    const { case: anew } = world.act(user, producing({ ...body, revises }));
    expect(stateOf(world, "product", anew)).to.include({ revises });
    const own = { ...body, sources: [{ source, how: "copied", fields: pairs("code") }], revises };
    expect(world.refusal(steward, producing(own)).code).to.equal("NOT_OWNER");
    expect(world.refusal(user, producing({ ...body, revises: digest("9") })).code).to.equal("NOT_FOUND");
  });

  it("is taken out of use by its author, once", () => {
    const { world, body } = births();
    const { case: id } = world.act(user, producing(body));
    const withdraw = { noun: "product", type: "withdraw", case: id, body: { reasons: note } } as const;
    expect(world.refusal(steward, withdraw).code).to.equal("NOT_OWNER");
    world.act(user, withdraw);
    expect(stateOf(world, "product", id)).to.include({ status: "withdrawn" });
    expect(world.refusal(user, withdraw).code).to.equal("WRONG_STATE");
  });
});

describe("an explanation", () => {
  const explain = (noun: "product" | "release", id: string, body: object) =>
    ({ noun, type: "explain", case: id, body: { reasons: note, ...body } }) as const;

  it("is of what was found wrong, or withdrawn, and of that alone", () => {
    const { world, source, body } = births();
    const { case: id } = world.act(user, producing(body));
    const upheld = objected(world, source, "substantiated");
    world.act(user, explain("product", id, { objection: upheld }));
    expect(stateOf(world, "product", id)).to.deep.include({ explained: [upheld] });
    const again = world.refusal(user, explain("product", id, { objection: upheld }));
    expect(again.code).to.equal("UNCHANGED");
    world.act(steward, { noun: "release", type: "withdraw", case: source, body: {} });
    world.act(user, explain("product", id, { withdrawn: source }));
    expect(stateOf(world, "product", id)).to.deep.include({ explained: [upheld, source] });
  });

  it("is a provider's of a release too, and stays when it is withdrawn", () => {
    const world = opened();
    const source = registered(world);
    const id = registered(world, { derivedFrom: [source] });
    world.act(steward, { noun: "release", type: "withdraw", case: source, body: {} });
    const upheld = objected(world, source, "substantiated");
    const explained = explain("release", id, { withdrawn: source });
    expect(world.refusal(user, explained).code).to.equal("NOT_OWNER");
    world.act(steward, explained);
    world.act(steward, explain("release", id, { objection: upheld }));
    world.act(steward, { noun: "release", type: "withdraw", case: id, body: {} });
    expect(stateOf(world, "release", id)).to.deep.include({ explained: [source, upheld], status: "withdrawn" });
  });

  for (const noun of ["product", "release"] as const) {
    it(`of a ${noun} is given by nobody in advance, and says one thing`, () => {
      const { world, source, body } = births();
      const by = noun === "product" ? user : steward;
      const id = noun === "product" ? world.act(user, producing(body)).case : registered(world);
      const unfounded = objected(world, source, "unsubstantiated");
      const refused = (what: object) => world.refusal(by, explain(noun, id, what)).code;
      expect(refused({ objection: unfounded })).to.equal("WRONG_STATE");
      expect(refused({ objection: digest("9") })).to.equal("NOT_FOUND");
      expect(refused({ withdrawn: source })).to.equal("WRONG_STATE");
      expect(refused({ withdrawn: digest("9") })).to.equal("NOT_FOUND");
      expect(refused({})).to.equal("INVALID_INPUT");
      expect(refused({ withdrawn: source, objection: unfounded })).to.equal("INVALID_INPUT");
    });
  }

  it("has its bound: sixteen causes, then it is to be made anew", () => {
    const { world, body } = births();
    const { case: id } = world.act(user, producing(body));
    for (let count = 0; count <= 16; count += 1) {
      const gone = registered(world, { note: String(count) });
      world.act(steward, { noun: "release", type: "withdraw", case: gone, body: {} });
      if (count < 16) world.act(user, explain("product", id, { withdrawn: gone }));
      else expect(world.refusal(user, explain("product", id, { withdrawn: gone })).code).to.equal("LIMIT_REACHED");
      if (count === 8) world.pass();
    }
  });
});

describe("a release under version 2", () => {
  const derived = (derivation: readonly object[], more: object = {}) =>
    ({ noun: "release", type: "register", body: { ...release, ...more, derivation } }) as const;

  it("says what was made of each release that it derives from, or revises", () => {
    const world = opened();
    const source = registered(world);
    const earlier = registered(world, { note: "earlier" });
    const derivation = [
      { source, how: "joined", fields: pairs("code", "name"), program: digest("c") },
      { source: earlier, how: "corrected", fields: pairs("name") },
    ];
    const { case: id } = world.act(steward, derived(derivation, { derivedFrom: [source], revises: earlier }));
    expect(stateOf(world, "release", id), "no rule reads it again: it stays in the act").to.not.have.property(
      "derivation",
    );
  });

  const REFUSED: [string, (source: string) => readonly object[], string][] = [
    [
      "of what it does not derive from",
      () => [{ source: digest("9"), how: "copied", fields: pairs("code") }],
      "MISMATCH",
    ],
    [
      "of a field that the source has not",
      (source) => [{ source, how: "copied", fields: [{ field: "none", as: "code" }] }],
      "MISMATCH",
    ],
    [
      "for a field that it has not itself",
      (source) => [{ source, how: "copied", fields: [{ field: "code", as: "none" }] }],
      "MISMATCH",
    ],
    ["of nothing", () => [], "INVALID_INPUT"],
    ["twice", (source) => [1, 2].map(() => ({ source, how: "copied", fields: pairs("code") })), "INVALID_INPUT"],
  ];
  for (const [what, derivation, code] of REFUSED) {
    it(`says nothing ${what}: ${code}`, () => {
      const world = opened();
      const source = registered(world);
      const asked = derived(derivation(source), { derivedFrom: [source] });
      expect(world.refusal(steward, asked).code).to.equal(code);
    });
  }
});
