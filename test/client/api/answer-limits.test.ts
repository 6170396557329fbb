import { answeredBy, type LedgerQuestion } from "@wanlian/client/api/reading/answered.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, DATASET, ENTRY, HEALTH, objectionTo, openChannel } from "./world.js";

/** An answer that is taken home fits into a file; what there is beyond, it says. */
describe("an answer of many acts", () => {
  let world: ApiWorld;
  let release: TransactionId;
  let another: TransactionId;
  let objections = 0;
  let derived = 0;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    const { steward } = await officers();
    await append([await ledger().make(steward, { ...register("dataset"), body: { ...ENTRY, code: "divisions" } })]);
    const made = await ledger().make(steward, registration([]));
    release = made.transactionId as TransactionId;
    await append([made]);
    const alone = await ledger().make(steward, registration([]));
    another = alone.transactionId as TransactionId;
    await append([alone]);
  });
  after(() => world.stop());

  const ledger = () => world.ledger.shared.ledger;
  const officers = async () => ({
    steward: await ledger().officer(CIVIL, "many-1", "steward"),
    user: await ledger().officer(HEALTH, "many-2", "user"),
  });
  const register = (noun: string) => ({ noun, case: null, type: "register" });
  const registration = (derivedFrom: readonly string[]) => ({
    ...register("release"),
    body: { ...RELEASE, derivedFrom },
  });
  type Made = Awaited<ReturnType<ReturnType<typeof ledger>["make"]>>;
  async function append(made: readonly Made[]): Promise<void> {
    ledger().appendValid(...made);
    await world.ledger.catchUp();
  }
  /** Has so many objections stand open, as many as one block takes. */
  async function objectionsUpTo(count: number): Promise<void> {
    const { user } = await officers();
    const made: Made[] = [];
    for (; objections < count; objections += 1) {
      made.push(
        await ledger().make(user, { noun: "objection", case: null, type: "raise", body: objectionTo(release) }),
      );
    }
    await append(made);
  }
  async function derivedUpTo(count: number): Promise<void> {
    const { steward } = await officers();
    const made: Made[] = [];
    for (; derived < count; derived += 1) made.push(await ledger().make(steward, registration([another])));
    await append(made);
  }
  async function answered(question: LedgerQuestion) {
    const { reading } = world.ledger.model();
    const vouched = Number(world.ledger.status().height);
    const { acts, more } = await answeredBy(question, { db: world.db, models: RELEASED, reading, vouched });
    const count = (one: string) => acts.filter(({ noun }) => noun === one).length;
    return { objections: count("objection"), releases: count("release"), more };
  }

  const lineage = (of: () => TransactionId) => (): LedgerQuestion => ({
    ...({ kind: "lineage", direction: "down" } as const),
    release: of(),
  });
  type Counted = "objections" | "releases";
  const shows = (
    what: string,
    most: number,
    upTo: (count: number) => Promise<void>,
    of: Counted,
    question: () => LedgerQuestion,
  ) =>
    it(`shows ${most} ${what}, and of one more that there is more`, async () => {
      for (const [there, more] of [
        [most, false],
        [most + 1, true],
      ] as const) {
        await upTo(there);
        expect(await answered(question())).to.include({ [of]: most, more });
      }
    });

  // In the order in which the ledger grows.
  shows(
    "releases of a lineage",
    150,
    (count) => derivedUpTo(count - 1),
    "releases",
    lineage(() => another),
  );
  shows(
    "objections of a lineage",
    150,
    objectionsUpTo,
    "objections",
    lineage(() => release),
  );
  shows("cases that changed", 250, objectionsUpTo, "objections", () => ({
    ...({ kind: "changes", noun: "objection", limit: 500 } as const),
  }));
  it("is as much of a dataset's provenance as 500 acts, and a shorter time is asked for beyond", async () => {
    const token = await world.logIn("CA-1");
    const ask = () => world.call("GET", `/trace/datasets/${DATASET}/prov-json`, { token });
    // The dataset's own act, two releases, and those that were made of the one.
    const others = 3 + derived;
    await objectionsUpTo(500 - others);
    expect((await ask()).status).to.equal(200);
    await objectionsUpTo(501 - others);
    const refused = await ask();
    expect([refused.status, refused.get("code")]).to.deep.equal([400, "BAD_REQUEST"]);
  });
  shows("objections that were open", 400, objectionsUpTo, "objections", () => ({
    ...({ kind: "asOf", noun: "dataset", case: DATASET } as const),
  }));

  for (const [most, status] of [
    [200, 200],
    [201, 400],
  ] as const) {
    it(`lists an officer's filings ${most} at a time: ${status}`, async () => {
      const token = await world.logIn("CA-1");
      expect((await world.call("GET", `/submissions?limit=${most}`, { token })).status).to.equal(status);
    });
  }
});

const FIELDS = ["code", "name"].map((name, at) => ({ name, digest: `${at}4`.repeat(32) as Digest }));
const RELEASE = {
  ...{ dataset: DATASET, fields: FIELDS, root: releaseRoot(FIELDS), rows: 3, rowRoot: "c".repeat(64) },
  ...{ selfCheck: [], period: { from: "2022-01-01", to: "2022-12-31" } },
};
