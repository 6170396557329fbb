import { dcatLines } from "@wanlian/client/api/reading/dcat.js";
import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, DATASET, ENTRY, HEALTH, openChannel } from "./world.js";

type Node = Readonly<Record<string, unknown>>;

describe("the catalogue as DCAT 3", () => {
  let world: ApiWorld;
  let token: string;
  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    token = await world.logIn("CA-1");
    const register = (department: string, code: string) =>
      world.ledger.act(department, ["steward"], { noun: "dataset", type: "register", body: { ...ENTRY, code } });
    await register(CIVIL, "divisions");
    for (let number = 0; number < 30; number += 1) await register(HEALTH, `births-${number}`);
  });
  after(() => world.stop());

  it("has what DCAT-AP makes mandatory, every name in the context, and every dataset behind the first page", async () => {
    const answer = await fetch(`${world.base}/catalogue/dcat`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.headers.get("content-type")).to.match(/^application\/ld\+json/);
    const catalogue = (await answer.json()) as Node & { "dcat:dataset": Node[] };
    expect(catalogue).to.include.keys("@id", "dct:title", "dct:description", "dct:publisher");
    const datasets = catalogue["dcat:dataset"];
    expect(new Set(datasets.map((one) => one["dct:identifier"])).size).to.equal(31);
    for (const dataset of datasets) {
      expect(dataset["@type"]).to.equal("dcat:Dataset");
      expect(dataset).to.include.keys("@id", "dct:title", "dct:description", "dct:publisher");
    }
    const unknown = namesIn(catalogue).filter(
      (name) => !((name.split(":")[0] ?? "") in (catalogue["@context"] as object)),
    );
    expect(unknown).to.deep.equal([]);
    expect(datasets.find((one) => one["dct:identifier"] === DATASET)).to.deep.include({
      "@id": `urn:x-wanlian:${world.ledger.channel}:dataset:CivilMSP/divisions`,
      "dct:title": { "@value": ENTRY.name, "@language": "zh" },
      "dct:accrualPeriodicity": {
        ...{ "@id": "http://publications.europa.eu/resource/authority/frequency/ANNUAL", "@type": "dct:Frequency" },
      },
      "dct:accessRights": {
        "@id": "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
        "@type": "dct:RightsStatement",
      },
    });
  });

  it("stays one document whatever an entry holds, and without any", async () => {
    const catalogue = { channel: "demo", publisher: "BureauMSP", names: new Map() };
    const read = async (items: readonly unknown[]) => {
      let text = "";
      async function* all() {
        yield* items as never[];
      }
      for await (const part of dcatLines(catalogue, all())) text += part;
      return JSON.parse(text) as Node & { "dcat:dataset": Node[] };
    };
    expect((await read([]))["dcat:dataset"]).to.deep.equal([]);
    const moment = { time: "2026-09-28T01:00:00Z", block: 1 };
    const bare = { noun: "dataset", case: "A/b", state: null, entry: null, openObjections: ["x"], changed: moment };
    const [odd] = (await read([bare]))["dcat:dataset"];
    expect(odd).to.include.keys("dct:title", "dqv:hasQualityAnnotation");
    expect(odd).not.to.include.keys("dct:accessRights");
  });
});

/** Every member that is a shortened name, at any depth. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "@context" ? [] : [...(name.startsWith("@") ? [] : [name]), ...namesIn(member)],
  );
}
