import { MASK_WAYS } from "@wanlian/model/reading.js";
import { expect } from "chai";
import { application, CIVIL, divisions, grant, HEALTH } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const masks = [{ field: "name", way: "partial" }];
const filters = [{ field: "level", among: ["county", "town"] }];

function applied(): { readonly world: World; readonly id: string } {
  const world = World.withDataset(divisions, { model: 2 });
  return { world, id: world.act(user, { noun: "application", type: "apply", body: application }).case };
}
const granting = (id: string, more: object) =>
  ({ noun: "application", type: "grant", case: id, body: { ...grant, ...more } }) as const;
const grantOf = (world: World, id: string) => world.state("application", id).grant;

describe("what a grant shows of its fields and rows", () => {
  it("is masked and filtered as the grant says: a field each way, rows by values or by their range", () => {
    for (const way of MASK_WAYS) {
      const { world, id } = applied();
      const said = { masks: [{ field: "code", way }], filters };
      world.act(steward, granting(id, said));
      expect(grantOf(world, id)).to.deep.include(said);
    }
    const { world, id } = applied();
    const range = [{ field: "code", least: "410000", most: "419999" }, ...filters];
    world.act(steward, granting(id, { filters: range }));
    expect(grantOf(world, id)).to.deep.include({ filters: range });
    expect(grantOf(world, id)).to.not.have.property("masks");
  });

  it("compares numbers where the grant says so: 9 to 10 is a range of numbers, and of no text", () => {
    const { world, id } = applied();
    const range = [{ field: "code", compares: "numbers", least: "9", most: "10" }];
    world.act(steward, granting(id, { filters: range }));
    expect(grantOf(world, id)).to.deep.include({ filters: range });
  });

  it("is whole where the grant says nothing, as version 1 has it", () => {
    const { world, id } = applied();
    world.act(steward, granting(id, {}));
    expect(Object.keys(grantOf(world, id) ?? {})).to.have.members(["fields", "from", "to", "frequency", "act"]);
  });

  it("stays when the grant is suspended and resumed", () => {
    const { world, id } = applied();
    world.act(steward, granting(id, { masks, filters }));
    const reasons = { digest: "a".repeat(64) };
    world.act(steward, { noun: "application", type: "suspend", case: id, body: { reasons } });
    world.act(steward, { noun: "application", type: "resume", case: id, body: {} });
    expect(grantOf(world, id)).to.deep.include({ masks, filters });
  });

  const many = Array.from({ length: 180 }, (_, at) => `${at}`.padStart(60, "区"));
  const REFUSED: [string, object, string][] = [
    ["a mask of a field that is not granted", { masks: [{ field: "level", way: "partial" }] }, "OUT_OF_SCOPE"],
    ["two masks of one field", { masks: [...masks, ...masks] }, "INVALID_INPUT"],
    ["a way that there is none of", { masks: [{ field: "name", way: "hidden" }] }, "INVALID_INPUT"],
    ["no mask at all", { masks: [] }, "INVALID_INPUT"],
    ["a filter by a field that is not there", { filters: [{ field: "district", among: ["a"] }] }, "MISMATCH"],
    ["two filters by one field", { filters: [...filters, ...filters] }, "INVALID_INPUT"],
    ["values and a range at once", { filters: [{ field: "level", among: ["a"], least: "a" }] }, "INVALID_INPUT"],
    ["neither values nor a range", { filters: [{ field: "level" }] }, "INVALID_INPUT"],
    ["a range of nothing", { filters: [{ field: "code", least: "42", most: "41" }] }, "INVALID_INPUT"],
    ["a number that is none", { filters: [{ field: "code", compares: "numbers", least: "4,1" }] }, "INVALID_INPUT"],
    [
      "values of which one is no number",
      { filters: [{ field: "code", compares: "numbers", among: ["1", "x"] }] },
      "INVALID_INPUT",
    ],
    [
      "a range of no number",
      { filters: [{ field: "code", compares: "numbers", least: "10", most: "9" }] },
      "INVALID_INPUT",
    ],
    ["more than an act has room for", { filters: [{ field: "level", among: many }] }, "TOO_LARGE"],
  ];
  for (const [what, said, code] of REFUSED)
    it(`is not ${what}: ${code}`, () => {
      const { world, id } = applied();
      expect(world.refusal(steward, granting(id, said)).code).to.equal(code);
    });
});
