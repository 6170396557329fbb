import { type JudgedRecord, RecordJudge } from "@wanlian/client/audit/record-judge.js";
import { ShownCertificates } from "@wanlian/client/audit/shown-certificates.js";
import { SignatureThreads } from "@wanlian/client/audit/signatures/signature-threads.js";
import type { Signer } from "@wanlian/client/core/services.js";
import type { Digest, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { type AccessRecord, encodeEntry, hexOf, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
import { Signatories } from "@wanlian/verify/records/signatories.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER, passTime } from "../exchange/exchange-world.js";

describe("judging one record", () => {
  let world: ExchangeWorld;
  let model: AccessRecord;
  let judge: RecordJudge;
  let certificates: ShownCertificates;
  const signatures = new SignatureThreads();
  let signers: Record<"officer" | "other" | "steward" | "node" | "providersOfficer" | "consumersNode", Signer>;
  before(async () => {
    world = await makeExchangeWorld();
    const grant = await world.grant(["code", "name"]);
    const ask = world.ask(grant, { subject: { code: "0371" } });
    model = (await world.consumer.exchange.consumer.access(world.officer.signer, ask)).filed.signed.record;
    // So that there is a block beyond the one that the grant was checked against.
    await passTime(world, "2026-03-02T02:00:00Z");
    signers = {
      officer: world.officer.signer,
      other: (await world.ledger.officer(CONSUMER, "3009", "user")).signer,
      steward: (await world.ledger.officer(CONSUMER, "3008", "steward")).signer,
      node: world.provider.exchange.options.nodeSigner,
      providersOfficer: (await world.ledger.officer(PROVIDER, "2009", "user")).signer,
      consumersNode: world.consumer.exchange.options.nodeSigner,
    };
    certificates = new ShownCertificates();
    const pems = new Map(Object.values(signers).map((signer) => [idOf(signer), pemOf(signer)]));
    await certificates.fetch({ certificates: async () => pems } as never, [...pems.keys()]);
    const signatories = new Signatories(world.bureau.exchange.options.bundle);
    const history = world.bureau.view.honest;
    judge = new RecordJudge({ history, signatoriesAt: async () => signatories, certificates, signatures });
  });
  after(() => world.remove());

  const pemOf = ({ certificate }: Signer) => Buffer.from(certificate).toString("utf8");
  const idOf = ({ certificate }: Signer) => Certificate.fromPem(certificate).fingerprint as Digest;

  interface Made {
    readonly request?: Partial<AccessRequest>;
    readonly record?: Partial<AccessRecord>;
    readonly by?: Signer;
    readonly node?: Signer;
    /** In the place of the certificate of who signs. */
    readonly claims?: Signer;
  }

  async function make({
    request: changed,
    record: more,
    by = signers.officer,
    node = signers.node,
    claims = by,
  }: Made): Promise<SignedRecord> {
    const request = {
      ...model.request,
      officer: Certificate.fromPem(by.certificate).commonName as never,
      certificate: idOf(claims),
      ...changed,
    };
    const requestSignature = await signStatement("access-request", request, by);
    const record = { ...model, request, requestSignature, certificate: idOf(node), ...more } as AccessRecord;
    return { record, signature: await signStatement("access-record", record, node) };
  }
  const kindsOf = async (signed: SignedRecord) => {
    const [judged] = await judge.judge([{ entry: encodeEntry(signed), signed }]);
    const { forged, unfounded, owed } = judged as JudgedRecord;
    // What is owed still is verified where the other side's log does not have the record.
    const holds = owed === undefined || (await signatures.hold([owed]))[0] === true;
    return [
      ...forged.map(({ kind }) => kind),
      ...(holds ? [] : ["RECORD_FORGED"]),
      ...unfounded.map(({ kind }) => kind),
    ];
  };

  const cases: [string, () => Promise<SignedRecord>, string[]][] = [
    ["made as it should be", () => make({}), []],
    ["asked by another user of the consumer's", () => make({ by: signers.other }), []],
    ["asked by somebody who is no user", () => make({ by: signers.steward }), ["REQUEST_FORGED"]],
    ["asked in another officer's name", () => make({ request: { officer: "3009" as never } }), ["REQUEST_FORGED"]],
    [
      "asked with another's certificate",
      () => make({ claims: signers.other, request: { officer: "3009" as never } }),
      ["REQUEST_FORGED"],
    ],
    ["asked by the provider's own officer", () => make({ by: signers.providersOfficer }), ["REQUEST_FORGED"]],
    [
      "asked with a certificate that nobody has",
      () => make({ request: { certificate: "ab".repeat(32) as Digest } }),
      ["REQUEST_FORGED"],
    ],
    [
      "signed by an officer of the provider's in its node's place",
      () => make({ node: signers.providersOfficer }),
      ["RECORD_FORGED"],
    ],
    ["signed by the consumer's node", () => make({ node: signers.consumersNode }), ["RECORD_FORGED"]],
    [
      "changed after it was signed",
      async () => {
        const { record, signature } = await make({});
        return { record: { ...record, rows: 7 } as AccessRecord, signature };
      },
      ["RECORD_FORGED"],
    ],
    [
      "whose request was changed after it was signed",
      async () => {
        const { record } = await make({});
        const changed = { ...record, request: { ...record.request, scenario: "another" } };
        return { record: changed, signature: await signStatement("access-record", changed, signers.node) };
      },
      ["REQUEST_FORGED", "NOT_GRANTED"],
    ],
    [
      "with texts that look like its own members",
      () => make({ request: { scenario: ',"request":{},"requestSignature":""' } }),
      ["NOT_GRANTED"],
    ],
    [
      "checked against a block that is not there",
      () => make({ record: { checked: { ...model.checked, block: "ab".repeat(32) as Digest } } }),
      ["CHAIN_DIFFERS"],
    ],
    [
      "checked against a block that is another",
      () => make({ record: { checked: { ...model.checked, height: model.checked.height + 1 } } }),
      ["CHAIN_DIFFERS"],
    ],
    [
      "checked against a block that is not on the ledger yet",
      () => make({ record: { checked: { ...model.checked, height: model.checked.height + 2 } } }),
      ["CHAIN_DIFFERS", "NOT_GRANTED"],
    ],
    [
      "stated at a time that the ledger did not have there",
      () => make({ record: { checked: { ...model.checked, time: "2026-03-01T01:00:00Z" as Instant } } }),
      ["TIME_DIFFERS"],
    ],
    [
      "refused, at such a time",
      () =>
        make({
          record: {
            ...({ result: "refused", reason: "UNKNOWN_GRANT" } as Partial<AccessRecord>),
            checked: { ...model.checked, time: "2026-03-01T01:00:00Z" as Instant },
          },
        }),
      ["TIME_DIFFERS"],
    ],
    [
      "by another policy than was in force",
      () => make({ record: { checked: { ...model.checked, policy: model.checked.policy + 1 } } }),
      ["POLICY_DIFFERS"],
    ],
    ["served without a grant", () => make({ request: { grant: "ab".repeat(32) as TransactionId } }), ["NOT_GRANTED"]],
    [
      "refused without a grant",
      () =>
        make({
          request: { grant: "ab".repeat(32) as TransactionId },
          record: { result: "refused", reason: "UNKNOWN_GRANT" } as Partial<AccessRecord>,
        }),
      [],
    ],
    [
      "served with a field that was not granted",
      () => make({ request: { fields: ["code", "id"] as never } }),
      ["NOT_GRANTED"],
    ],
    [
      "signed when the certificates had ended",
      () => make({ record: { checked: { ...model.checked, time: "2099-01-01T00:00:00Z" as Instant } } }),
      ["REQUEST_FORGED", "RECORD_FORGED", "TIME_DIFFERS"],
    ],
  ];
  for (const [what, made, kinds] of cases) {
    it(what, async () => {
      expect(await kindsOf(await made())).to.deep.equal(kinds);
    });
  }

  it("an opening lets data out, however it ended", async () => {
    const { response: _, reason: __, ...rest } = model as unknown as Record<string, unknown>;
    const opening = { ...rest, kind: "opening", result: "opened", rows: 0, bytes: 0 } as unknown as AccessRecord;
    expect(
      await judge.notGranted(
        { ...opening, request: { ...opening.request, grant: "ab".repeat(32) as TransactionId } },
        1000,
      ),
    ).to.have.lengthOf(1);
    expect(await judge.notGranted(opening, opening.checked.height)).to.have.lengthOf(0);
  });

  it("takes a receipt for the consumer's node's only", async () => {
    const signed = await make({});
    const id = hexOf(leafHash(encodeEntry(signed)));
    const receiptBy = async (signer: Signer, record = id) => ({
      signature: await signStatement("access-receipt", { record }, signer),
      certificate: idOf(signer),
    });
    expect(await judge.countersigned(signed.record, id, await receiptBy(signers.consumersNode))).to.equal(true);
    expect(await judge.countersigned(signed.record, id, await receiptBy(signers.officer))).to.equal(false);
    expect(await judge.countersigned(signed.record, id, await receiptBy(signers.node))).to.equal(false);
    const other = await receiptBy(signers.consumersNode, "ab".repeat(32) as Digest);
    expect(await judge.countersigned(signed.record, id, other)).to.equal(false);
  });

  it("remembers no certificate under another's name, and asks for none twice", async () => {
    const certificates = new ShownCertificates();
    const asked: string[][] = [];
    const [one, other] = [signers.officer, signers.other];
    const log = {
      certificates: async (ids: string[]) => {
        asked.push(ids);
        return new Map([
          [idOf(one), pemOf(one)],
          [idOf(other), pemOf(one)],
          ["ab".repeat(32), "no certificate"],
        ]);
      },
    };
    await certificates.fetch(log as never, [idOf(one), idOf(one), idOf(other)]);
    expect(certificates.find(idOf(one))).to.equal(pemOf(one));
    expect(certificates.find(idOf(other))).to.equal(undefined);
    await certificates.fetch(log as never, [idOf(one)]);
    expect(asked).to.deep.equal([[idOf(one), idOf(other)]]);
  });
});
