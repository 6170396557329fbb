import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { recordId, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import type { StepName } from "@wanlian/verify/step.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";
import { type Forged, Forger, type Forgery } from "./forger.js";

const asItIs = (file: EvidenceFile): EvidenceFile => file;

/**
 * Provider and consumer collude, with the keys of both nodes, of an officer and of the log: whatever they sign, the
 * evidence says which step contradicts it, and the same record without the lie is proven.
 */
describe("records that both parties made up together", () => {
  let world: EvidenceWorld;
  let forger: Forger;
  let served: SignedRecord;
  const forged = new Map<string, Forged>();
  let transfer: readonly [opening: SignedRecord, closing: SignedRecord];
  const transfers = new Map<string, readonly [opening: Forged, closing: Forged]>();

  const officer = (department: string, number: string, role: "user" | "steward" | "auditor") =>
    world.exchange.ledger.officer(department, number, role);

  /** What they say; undefined: the truth. */
  const LIES: readonly (readonly [
    what: string,
    step: StepName | undefined,
    why: RegExp,
    lie: () => Promise<Forgery>,
  ])[] = [
    ["the truth", undefined, /^/, async () => ({})],
    [
      "a request in another officer's name",
      "request",
      /another officer signed/,
      async () => ({ request: { officer: "3002" as never } }),
    ],
    [
      "a request that an officer of another department signed",
      "request",
      /BAD_SIGNATURE|signature|MSP/,
      async () => ({ officer: await officer(BUREAU, "3001", "user") }),
    ],
    [
      "data to an officer who is no user",
      "request",
      /is no user, and was given data/,
      async () => ({ officer: await officer(CONSUMER, "3001", "steward") }),
    ],
    [
      "a refusal to an officer who is no user",
      undefined,
      /^/,
      async () => ({ officer: await officer(CONSUMER, "3001", "steward"), record: NOTHING }),
    ],
    [
      "a record that an officer of the provider's signed",
      "record",
      /is not its node/,
      async () => ({ provider: await officer(PROVIDER, "2001", "steward") }),
    ],
    [
      "a countersignature by an officer of the consumer's",
      "receipt",
      /is not its node/,
      async () => ({ receiver: world.exchange.officer }),
    ],
    [
      "a countersignature by the provider's own node",
      "receipt",
      /certificate/,
      async () => ({ receiver: providersNode() }),
    ],
    ["a countersignature of another record", "receipt", /signature/, async () => ({ countersigned: recordId(served) })],
    [
      "a block of the ledger that is another",
      "ledgerPosition",
      /^block \d+ of the ledger has another hash than stated$/,
      async () => ({ record: checkedAt({ block: randomDigest() }) }),
    ],
    [
      "an officer's block that is another",
      "ledgerPosition",
      /^block \d+ of the ledger has another hash than stated$/,
      async () => ({ request: { ledger: { ...served.record.request.ledger, block: randomDigest() } } }),
    ],
    ["no act of the grant", "grant", /names no grant/, async () => ({ record: checkedAt({ act: 0 }) })],
    [
      "another act of the grant",
      "grant",
      /act 1 of the grant is shown, the record cites 2/,
      async () => ({ record: checkedAt({ act: 2 }) }),
    ],
  ];

  /** A transfer's two records, and how they do not fit. */
  const TRANSFERS: readonly (readonly [
    what: string,
    why: RegExp | undefined,
    bend: (file: EvidenceFile) => EvidenceFile,
    make: () => Promise<readonly [opening: Forged, closing: Forged]>,
  ])[] = [
    ["as it was", undefined, asItIs, () => begunAndEnded()],
    [
      "that another officer than the provider's node says began",
      /is not its node/,
      asItIs,
      async () => begunAndEnded({ provider: await officer(PROVIDER, "2001", "steward") }),
    ],
    [
      "that began on another request",
      /began on another request/,
      asItIs,
      () => begunAndEnded({}, { request: { nonce: randomDigest() } }),
    ],
    [
      "that ended before it began",
      /ended before it began/,
      asItIs,
      async () => {
        const begun = await forger.sign(transfer[0]);
        const closing = await forger.forge(transfer[1], endOf(begun));
        return [await forger.file(begun), closing];
      },
    ],
    [
      "whose beginning is another's",
      /the beginning of another transfer/,
      asItIs,
      async () => {
        const [, closing] = await begunAndEnded();
        const [other] = await begunAndEnded({ request: closing.signed.record.request });
        return [other, closing];
      },
    ],
    [
      "whose beginning is an access of its own",
      /no record of a beginning/,
      asItIs,
      async () => {
        const access = await forger.forge(served);
        return [access, await forger.forge(transfer[1], endOf(access.signed))];
      },
    ],
    [
      "whose beginning is no record",
      /no record of a beginning/,
      (file) => withOpening(file, { entry: "e30=" }),
      () => begunAndEnded(),
    ],
    [
      "whose beginning stands elsewhere in the log",
      /is not number/,
      (file) => withOpening(file, { position: 0 }),
      () => begunAndEnded(),
    ],
  ];
  const withOpening = (file: EvidenceFile, more: Partial<NonNullable<EvidenceFile["opening"]>>): EvidenceFile => ({
    ...file,
    opening: { ...(file.opening ?? expect.fail("no opening")), ...more },
  });
  const endOf = (opening: SignedRecord): Forgery => ({
    request: opening.record.request,
    record: { opening: recordId(opening) },
  });
  const begunAndEnded = async (beginning: Forgery = {}, end: Forgery = {}) => {
    const opening = await forger.forge(transfer[0], beginning);
    const { request, record } = endOf(opening.signed);
    const closing = await forger.forge(transfer[1], { request: { ...request, ...end.request }, record: { ...record } });
    return [opening, closing] as const;
  };

  const NOTHING = { result: "refused", reason: "NOT_A_USER", rows: 0, bytes: 0, response: undefined };
  const checkedAt = (more: object) => ({ checked: { ...served.record.checked, ...more } });
  const providersNode = () => world.exchange.ledger.officerOf(world.exchange.provider.exchange.options.nodeSigner);

  before(async function () {
    this.timeout(60_000);
    world = await EvidenceWorld.make();
    forger = new Forger(world);
    const grant = await world.exchange.grant(["code", "name"]);
    served = await world.lookUp(grant);
    transfer = await world.download(grant);
    for (const [what, , , lie] of LIES) forged.set(what, await forger.forge(served, await lie()));
    for (const [what, , , make] of TRANSFERS) transfers.set(what, await make());
    await world.witness();
  });
  after(() => world.remove());

  for (const [what, step, why] of LIES) {
    it(step === undefined ? `hold with ${what}` : `do not hold with ${what}`, async () => {
      const file = await forger.evidence(forged.get(what) ?? expect.fail("not forged"));
      await expectFailing(file, step, why);
    });
  }

  for (const [what, why, bend] of TRANSFERS) {
    it(`${why === undefined ? "hold" : "do not hold"} with a transfer ${what}`, async () => {
      const [opening, closing] = transfers.get(what) ?? expect.fail("not forged");
      const file = bend(await forger.evidence(closing, opening));
      await expectFailing(file, why === undefined ? undefined : "opening", why ?? /^/);
    });
  }

  async function expectFailing(file: EvidenceFile, step: StepName | undefined, why: RegExp): Promise<void> {
    const { verdict, steps } = await verifyEvidence(file, world.trust);
    const said = JSON.stringify(steps, null, 1);
    const failing = steps.filter(({ outcome }) => outcome === "fails");
    expect(
      failing.map(({ name }) => name),
      said,
    ).to.deep.equal(step === undefined ? [] : [step]);
    expect(verdict, said).to.equal(step === undefined ? "proven" : "refuted");
    for (const { text } of failing) expect(text.en).to.match(why);
  }
});
