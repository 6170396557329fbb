import type { SignatureClaim } from "@wanlian/client/audit/signatures/signature-task.js";
import { SignatureThreads } from "@wanlian/client/audit/signatures/signature-threads.js";
import { expect } from "chai";
import { signer } from "./claims.js";

describe("threads that verify signatures", () => {
  let threads: SignatureThreads;
  beforeEach(() => {
    threads = new SignatureThreads();
  });
  afterEach(() => threads.close());

  it("say of each what it is, few or many, with keys of either kind", async () => {
    const [first, second] = [signer("ecdsa"), signer("ecdsa")];
    const modern = signer("ed25519");
    const right = [first, second, modern].map((make, at) => make(`statement ${at}`));
    const [one, two, three] = right as [SignatureClaim, SignatureClaim, SignatureClaim];
    const wrong = [
      { ...one, key: two.key },
      { ...one, signed: two.signed },
      { ...two, signature: one.signature },
      { ...three, signature: one.signature },
      { ...one, signature: new Uint8Array(0) },
    ];
    const expected = [...right.map(() => true), ...wrong.map(() => false)];
    expect(await threads.hold([...right, ...wrong])).to.deep.equal(expected);
    // Beyond what this thread's own pool does.
    const often = Array.from({ length: 300 }, () => [...right, ...wrong]).flat();
    const verdicts = Array.from({ length: 300 }, () => expected).flat();
    expect(await threads.hold(often)).to.deep.equal(verdicts);
    const late = signer("ecdsa")("somebody new");
    expect(await threads.hold([late, { ...late, key: one.key }, ...right])).to.deep.equal([
      true,
      false,
      true,
      true,
      true,
    ]);
    expect(await threads.hold([])).to.deep.equal([]);
  });

  it("fail whoever waits for one that has ended, instead of leaving it waiting", async () => {
    const claim = signer("ecdsa")("statement");
    const many = Array.from({ length: 2500 }, () => claim);
    const held = threads.hold(many).then(
      () => "answered",
      (error: Error) => error.message,
    );
    await threads.close();
    expect(await held).to.include("verifying thread ended");
  });

  it("are given nothing more once they have ended", async () => {
    const claim = signer("ecdsa")("statement");
    // Whoever asks to verify with it meets an error, not a verdict.
    const broken = { ...claim, key: { ...claim.key, digest: "no such digest" } };
    const many = Array.from({ length: 2500 }, () => claim);
    await threads.hold(many);
    const failed = await threads.hold([broken]).then(
      () => "answered",
      (error: Error) => error.message,
    );
    expect(failed).to.include("no such digest");
    expect(new Set(await threads.hold(many))).to.deep.equal(new Set([true]));
  });
});
