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

  type Row = readonly [
    string,
    (count: number) => Promise<void>,
    () => LedgerQuestion,
    "objections" | "releases",
    number,
  ];
  /** Nothing is objected to in it. */
  const ofAnother = (): LedgerQuestion => ({ kind: "lineage", release: another, direction: "down" });
  const lineage = (): LedgerQuestion => ({ kind: "lineage", release, direction: "down" });
  const TABLE: readonly Row[] = [
    ["objections of a lineage", objectionsUpTo, lineage, "objections", 150],
    [
      "cases that changed",
      objectionsUpTo,
      () => ({ kind: "changes", noun: "objection", limit: 500 }),
      ...(["objections", 250] as const),
    ],
    [
      "objections that were open",
      objectionsUpTo,
      () => ({ kind: "asOf", noun: "dataset", case: DATASET }),
      ...(["objections", 400] as const),
    ],
    ["releases of a lineage", (count) => derivedUpTo(count - 1), ofAnother, "releases", 150],
  ];
  for (const [what, upTo, question, counted, most] of TABLE) {
    it(`shows ${most} ${what}, and of one more that there is more`, async () => {
      for (const [there, more] of [
        [most, false],
        [most + 1, true],
      ] as const) {
        await upTo(there);
        expect(await answered(question())).to.include({ [counted]: most, more });
      }
    });
  }
});

const FIELDS = ["code", "name"].map((name, at) => ({ name, digest: `${at}4`.repeat(32) as Digest }));
const RELEASE = {
  ...{ dataset: DATASET, fields: FIELDS, root: releaseRoot(FIELDS), rows: 3, rowRoot: "c".repeat(64) },
  ...{ selfCheck: [], period: { from: "2022-01-01", to: "2022-12-31" } },
};
