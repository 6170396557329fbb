import type { LedgerPast } from "@wanlian/client/read/ledger-reader.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { type EvidenceFile, parseEvidence } from "@wanlian/verify/evidence-file.js";
import { explain } from "@wanlian/verify/explanation.js";
import { recordId } from "@wanlian/verify/records/access-record.js";
import { readRecord } from "@wanlian/verify/records/log-entry.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { type Verification, verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { SEED } from "../random.js";
import { EvidenceWorld } from "./evidence-world.js";
import { Mutator } from "./mutator.js";

/** `npm run mutants:evidence` tries 20,000. */
const MUTANTS = Number(process.env.WANLIAN_EVIDENCE_MUTANTS ?? 1000);

/** So many tell what is wrong. */
const MOST_SURVIVORS = 20;

/** What is true: by record, what its genuine evidence proves, and in which sentences. */
class Truth {
  readonly #byRecord = new Map<string, ReadonlySet<string>>();
  /** Facts say all that they depend on: whoever's record a file is about, they are so. */
  readonly #facts = new Set<string>();

  add(verification: Verification): void {
    const facts = verification.steps.map(({ name, fact }) => [name, canonicalJson(fact ?? null)] as const);
    const sentences = new Set(explain(verification).proven.map(({ en }) => en));
    this.#byRecord.set(idOf(verification), sentences);
    for (const [name, fact] of facts) this.#facts.add(`${name} ${fact}`);
  }

  /** What a verification proves that is not so. @param signed records that the attacker signed, which it can */
  async lies(
    bundle: EvidenceFile,
    verification: Verification,
    signed: ReadonlySet<string>,
    history: LedgerPast,
  ): Promise<string[]> {
    const id = idOf(verification);
    const own = this.#byRecord.get(id);
    const holding = verification.steps.filter(({ outcome }) => outcome === "holds");
    const mayHold = await isGranted(bundle, verification, history);
    const facts = holding.filter(({ name, fact }) => {
      const said = canonicalJson(fact ?? null);
      // What the attacker signed, it signed; that is all that the step says.
      if (name === "record" && signed.has(id)) return false;
      // A request that nobody signed can be one that the grant would have covered: who signed it is another step.
      if (name === "grant" && mayHold) return false;
      return !this.#facts.has(`${name} ${said}`);
    });
    const sentences = own === undefined ? [] : explain(verification).proven.filter(({ en }) => !own.has(en));
    const proven = verification.verdict === "proven" && own === undefined ? ["the whole"] : [];
    return [...facts.map(({ name }) => name), ...sentences.map(({ en }) => en), ...proven];
  }
}

/** What a node that has the ledger says of it; of a transfer's end, by its beginning. */
async function isGranted(bundle: EvidenceFile, { record }: Verification, history: LedgerPast): Promise<boolean> {
  const opening = bundle.opening && readRecord(Buffer.from(bundle.opening.entry, "base64"));
  const decided = record?.record.kind === "closing" ? opening : record;
  if (decided === undefined) return false;
  const { request, checked } = decided.record;
  const rule = await history.ruleAt(request, checked.height);
  return rule !== undefined && rule.reading.refusalOfUse(request, rule.cases, rule) === undefined;
}

const idOf = ({ record }: Verification): string => (record === undefined ? "" : recordId(record));

describe("mutants of evidence", () => {
  let world: EvidenceWorld;
  let genuine: EvidenceFile[];
  const truth = new Truth();

  before(async () => {
    world = await EvidenceWorld.make();
    const [grant, other] = [await world.exchange.grant(["code", "name"]), await world.exchange.grant(["id"])];
    const signed = [
      await world.lookUp(grant),
      await world.lookUp(grant, { fields: ["id"] }),
      await world.lookUp(other, { fields: ["id"], subject: { id: "000000000000000001" } }),
      ...(await world.download(grant)),
    ];
    await world.witness();
    genuine = await Promise.all(signed.map((one) => world.evidence(one)));
    const [first = expect.fail("no record"), , third = expect.fail("no record")] = signed;
    genuine.push(await world.evidence(first, world.exchange.consumer));
    genuine.push(await world.opened(first), await world.opened(third, world.exchange.consumer));
    for (const bundle of genuine) {
      const verification = await verifyEvidence(bundle, world.trust);
      expect(verification.verdict).to.equal("proven");
      truth.add(verification);
    }
  });
  after(() => world.remove());

  it(`prove nothing that is not so (${MUTANTS}, seed ${SEED})`, async function () {
    this.timeout(60_000 + MUTANTS * 1000);
    const signed = new Set<string>();
    const { nodeSigner } = world.exchange.provider.exchange.options;
    const mutator = new Mutator(genuine, SEED, (record) => signStatement("access-record", record, nodeSigner));
    const survivors: string[] = [];
    const verdicts = { proven: 0, notProven: 0, refuted: 0, unreadable: 0 };
    for (let number = 0; number < MUTANTS; number += 1) {
      const { mutant, done } = await mutator.next();
      const bundle = read(mutant);
      if (bundle === undefined) {
        verdicts.unreadable += 1;
        continue;
      }
      const verification = await inTime(verifyEvidence(bundle, world.trust), `mutant ${number}: ${done}`);
      verdicts[verification.verdict] += 1;
      if (done.includes("resign")) signed.add(idOf(verification));
      const lies = await truth.lies(bundle, verification, signed, world.parts.history);
      if (lies.length > 0) survivors.push(`mutant ${number}: ${done}: ${lies.join("; ")}`);
      if (survivors.length === MOST_SURVIVORS) break;
    }
    expect(survivors).to.deep.equal([]);
    // A mutator that changes nothing, or nothing that can be read, would prove nothing of the verifier.
    expect(verdicts.refuted + verdicts.notProven, JSON.stringify(verdicts)).to.be.above(MUTANTS / 4);
  });
});

/** A verification is a matter of milliseconds: one that waits for something waits for ever. */
const MOST_MS = 60_000;

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} does not end`)), MOST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function read(mutant: unknown): EvidenceFile | undefined {
  try {
    return parseEvidence(mutant);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
