import { type SignatureClaim, taskOf, verdictsOf } from "@wanlian/client/audit/signatures/signature-task.js";
import type { SignatureKey } from "@wanlian/protocol/identities/signature-key.js";
import { expect } from "chai";
import { signer } from "./claims.js";

describe("signatures that another thread verifies", () => {
  const [first, second, modern] = [signer("ecdsa"), signer("ecdsa"), signer("ed25519")];
  const [one, two, three] = [first("one"), second("two, and longer"), modern("three")];
  const wrong: SignatureClaim[] = [
    { ...one, key: two.key },
    { ...one, signed: two.signed },
    { ...two, signature: one.signature },
    { ...one, signed: [...one.signed, Buffer.from("more")] },
  ];

  it("are each verified by their own key, over their own bytes, wherever among others they stand", () => {
    const [known, thread] = [new Map<SignatureKey, number>(), [] as SignatureKey[]];
    const verdicts = (...claims: SignatureClaim[]) => [...verdictsOf(taskOf(claims, known), thread)];
    expect(verdicts(one, ...wrong, two, three)).to.deep.equal([1, 0, 0, 0, 0, 1, 1]);
    expect(verdicts(three, wrong[0] as SignatureClaim, one)).to.deep.equal([1, 0, 1]);
    expect(verdicts(first("another"), modern("of one known"), signer("ecdsa")("of one new"))).to.deep.equal([1, 1, 1]);
    expect(verdicts()).to.deep.equal([]);
  });

  it("take their keys along once, and all anew where the thread would have more than 20,000", () => {
    const known = new Map<SignatureKey, number>();
    expect(taskOf([one, two, one], known)).to.deep.include({ keys: [one.key, two.key], firstKey: 0 });
    expect(taskOf([two, three], known)).to.deep.include({ keys: [three.key], firstKey: 2 });
    for (let at = known.size; at < 19_999; at += 1) known.set({ ...one.key }, at);
    expect(taskOf([two], known)).to.deep.include({ keys: [], firstKey: 19_999 });
    const [late, later] = [signer("ecdsa")("late"), signer("ecdsa")("later")];
    expect(taskOf([late], known)).to.deep.include({ keys: [late.key], firstKey: 19_999 });
    expect(taskOf([later, one], known)).to.deep.include({ keys: [later.key, one.key], firstKey: 0 });
    const thread = Array.from({ length: 20_000 }, () => two.key);
    expect([...verdictsOf(taskOf([later, one, two], new Map()), thread)]).to.deep.equal([1, 1, 1]);
    expect(thread).to.deep.equal([later.key, one.key, two.key]);
  });
});
