import { OwedSignatures, type ShownIn } from "@wanlian/client/audit/signatures/owed-signatures.js";
import type { SignatureClaim } from "@wanlian/client/audit/signatures/signature-task.js";
import { expect } from "chai";

const [PROVIDER, CONSUMER, THIRD] = ["P", "C", "T"];

describe("a provider's signature on a record", () => {
  /** Names of the records whose signatures were verified, in order. */
  let verified: string[];
  let owed: OwedSignatures<ShownIn>;
  beforeEach(() => {
    verified = [];
    owed = new OwedSignatures({
      hold: async (claims) => {
        const names = claims.map(({ signed }) => Buffer.concat([...signed]).toString());
        verified.push(...names);
        return names.map((name) => !name.startsWith("forged"));
      },
    });
  });

  const see = (name: string, department: string, position = 0) => {
    const claim = { signed: [Buffer.from(name)], signature: Buffer.from("s") } as unknown as SignatureClaim;
    owed.see(name, { claim, shown: { department, position, provider: PROVIDER, consumer: CONSUMER } });
  };
  const badIn = (shown: readonly ShownIn[]) => shown.map(({ department, position }) => `${department} ${position}`);

  it("is not verified where both parties' logs have it, whichever was seen first", async () => {
    see("one", PROVIDER);
    see("one", CONSUMER);
    see("other", CONSUMER);
    see("other", PROVIDER);
    expect(await owed.all()).to.deep.equal([]);
    expect(verified).to.deep.equal([]);
  });

  it("is verified where one alone has it, or that one twice, or a third", async () => {
    see("forged alone", CONSUMER, 3);
    see("alone", PROVIDER);
    see("forged twice", PROVIDER, 4);
    see("forged twice", PROVIDER, 5);
    see("forged at a third's", CONSUMER, 6);
    see("forged at a third's", THIRD, 7);
    see("a third's first", THIRD);
    see("a third's first", PROVIDER);
    expect(badIn(await owed.all())).to.deep.equal(["C 3", "P 4", "C 6"]);
    expect(verified).to.have.lengthOf(5);
  });

  it("is verified once, though its other side comes later", async () => {
    see("one", PROVIDER);
    await owed.all();
    see("one", CONSUMER);
    await owed.all();
    expect(verified).to.deep.equal(["one"]);
  });

  it("is verified when many wait, the oldest first, and none is forgotten", async () => {
    for (let at = 0; at < 8_000; at += 1) see(`forged ${at}`, PROVIDER, at);
    expect(await owed.overflow()).to.deep.equal([]);
    see("forged 8000", PROVIDER, 8_000);
    const first = badIn(await owed.overflow());
    expect(first).to.deep.equal(Array.from({ length: 4_000 }, (_, at) => `P ${at}`));
    expect(await owed.overflow()).to.deep.equal([]);
    expect(badIn(await owed.all())).to.have.lengthOf(4_001);
    expect(verified).to.have.lengthOf(8_001);
  });

  it("is kept apart from the page that it came in", async () => {
    const page = Buffer.from("one");
    const claim = { signed: [page], signature: page } as unknown as SignatureClaim;
    owed.see("one", { claim, shown: { department: PROVIDER, position: 0, provider: PROVIDER, consumer: CONSUMER } });
    page.fill(0);
    await owed.all();
    expect(verified).to.deep.equal(["one"]);
  });
});
