import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { decodePem, encodePem } from "@wanlian/protocol/identities/pem.js";
import { Envelope, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { validIdentities } from "@wanlian/protocol/policies/signature-set.js";
import { chaincodeActionOf, endorsementSet } from "@wanlian/protocol/transaction/endorser-transaction.js";
import { checkEnvelope } from "@wanlian/protocol/transaction/envelope.js";
import { decodeReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import { expect } from "chai";
import fc from "fast-check";
import { recordedChannels } from "../vectors/channels.js";
import { mspConfig, serialized, TestAuthority } from "./authority.js";

/** Changes bytes at places drawn at random. */
const flips = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});

function altered(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [place, change] of changes) {
    const at = Math.floor(place * copy.length);
    copy[at] = (copy[at] ?? 0) ^ change;
  }
  return copy;
}

/** Fails on everything but an error that says what is wrong with the input. */
async function harmless(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

describe("whatever anybody sends", () => {
  const authority = TestAuthority.root("ca.civil");
  const msp = new Msp(mspConfig("CivilMSP", [authority]), "v3");

  it("an altered certificate is refused or is what it says, and never breaks a peer", async () => {
    const kinds = (["P-256", "P-384", "ed25519"] as const).map((key) =>
      authority.issue("x", { key, units: ["client"] }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds), flips, async ({ der }, changes) => {
        const pem = Buffer.from(encodePem("CERTIFICATE", altered(der, changes)));
        await harmless(async () => {
          const identity = msp.deserialize(SerializedIdentity.encode({ mspid: "CivilMSP", idBytes: pem }));
          await identity.verify(pem, pem.subarray(0, 70));
          identity.verifyHere(pem, pem.subarray(0, 70));
          identity.validate();
        });
      }),
      { numRuns: 600 },
    );
  });

  it("an altered signature verifies or does not, and never breaks a peer", async () => {
    for (const key of ["P-256", "ed25519"] as const) {
      const identity = msp.deserialize(serialized("CivilMSP", authority.issue("x", { key, units: ["client"] })));
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (noise) => {
          expect(await identity.verify(noise, noise)).to.equal(false);
          expect(identity.verifyHere(noise, noise)).to.equal(false);
        }),
      );
    }
  });

  it("an altered transaction gets a code, and never breaks a peer", async () => {
    const { blocks } = recordedChannels().find(({ name }) => name === "fabric-3.1.5-more") ?? { blocks: [] };
    const bundle = bundleFromBlock(blocks[0]?.block.data?.data ?? []);
    const transactions = blocks.slice(1, 20).flatMap(({ block }) => block.data?.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...transactions), flips, async (transaction, changes) => {
        const result = await checkEnvelope(altered(transaction, changes), bundle);
        if (result.kind !== "endorser") return;
        await validIdentities(endorsementSet(result.transaction), bundle.msps);
        await harmless(() => decodeReadWriteSet(chaincodeActionOf(result.transaction).results));
      }),
      { numRuns: 1500 },
    );
  });

  it("a creator altered in its headers is not taken for another", async () => {
    const { blocks } = recordedChannels().find(({ name }) => name === "fabric-3.1.5-sealed") ?? { blocks: [] };
    const bundle = bundleFromBlock(blocks[0]?.block.data?.data ?? []);
    const [transaction = new Uint8Array(0)] = blocks[9]?.block.data?.data ?? [];
    const envelope = Envelope.decode(transaction);
    const payload = Payload.decode(envelope.payload);
    const { nonce, creator } = SignatureHeader.decode(payload.header?.signatureHeader ?? new Uint8Array(0));
    const other = SerializedIdentity.encode({ ...SerializedIdentity.decode(creator), mspid: "PoliceMSP" });
    const header = { ...payload.header, signatureHeader: SignatureHeader.encode({ creator: other, nonce }) };
    const forged = Envelope.encode({ ...envelope, payload: Payload.encode({ ...payload, header }) });
    const result = await checkEnvelope(forged, bundle);
    expect(result).to.include({ kind: "refused", code: 4 });
  });

  describe("PEM", () => {
    const der = Uint8Array.of(1, 2, 3, 4, 5);
    const pem = encodePem("CERTIFICATE", der);
    const accepted: Record<string, string> = {
      "as it is written": pem,
      "after other text": `subject=somebody\n\n${pem}`,
      "with headers": pem.replace("-----\n", "-----\nComment: none\n\n"),
      "with carriage returns": pem.replaceAll("\n", "\r\n"),
      "after a block that is none": `-----BEGIN X-----\nno base64!\n-----END X-----\n${pem}`,
      "under another label": encodePem("ANYTHING", der),
      "before junk": `${pem}-----BEGIN`,
    };
    for (const [what, text] of Object.entries(accepted)) {
      it(`is read ${what}`, () => expect(decodePem(text)).to.deep.equal(der));
    }

    for (const [what, text] of Object.entries({
      nothing: "",
      "another closing label": pem.replace("END CERTIFICATE", "END KEY"),
      "no closing line": pem.slice(0, 40),
      "text on the closing line": `${pem.trimEnd()} more`,
      "base64 cut short": pem.replace("AQIDBAU=", "AQIDBAU"),
      "a beginning inside a line": `x${pem}`,
    })) {
      it(`is not read from ${what}`, () => expect(() => decodePem(text)).to.throw(ProtocolError));
    }

    it("takes time in proportion to its length, however it is made", () => {
      const size = 2_000_000;
      const hostile = [
        "-----BEGIN a:-----\n".repeat(size / 19),
        `${"-----BEGIN A-----\n".repeat(size / 18)}-----END B-----`,
        `${"-----BEGIN A-----\nAAAA\n".repeat(size / 23)}-----END B${"B".repeat(size)}-----`,
        `-----BEGIN A-----\n${"A".repeat(size)}`,
        `-----BEGIN ${"-".repeat(size)}`,
        `${" ".repeat(size)}\n${"\n".repeat(size)}`,
      ];
      for (const text of hostile) {
        const started = performance.now();
        expect(() => decodePem(text)).to.throw(ProtocolError);
        expect(performance.now() - started).to.be.below(4000);
      }
    });
  });
});
