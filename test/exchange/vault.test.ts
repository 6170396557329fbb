import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Vault } from "@wanlian/client/access/vault.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";

describe("what is kept beside a log", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-vault-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it("is there again, but for what belongs to records that never came to be", async () => {
    const path = join(dir, "keys");
    const key = randomDigest();
    const receipt = { signature: Buffer.alloc(70, 7).toString("base64"), certificate: randomDigest() };
    const vault = await Vault.open(path, 0);
    for (const position of [0, 1, 2]) {
      vault.keepKey(position, key);
      vault.keepReceipt(position, receipt);
    }
    await vault.close();
    const again = await Vault.open(path, 2);
    expect(again.read(1)).to.deep.equal({ key, receipt });
    expect(again.read(2)).to.deep.equal({ key: undefined, receipt: undefined });
    const other = randomDigest();
    again.keepKey(2, other);
    expect(again.read(2)).to.deep.equal({ key: other, receipt: undefined });
    await again.close();
  });

  it("is asked for by many records at once: those that have a receipt, and those that have none", async () => {
    const vault = await Vault.open(join(dir, "keys"), 0);
    const receipt = { signature: Buffer.alloc(70, 7).toString("base64"), certificate: randomDigest() };
    for (const position of [0, 1, 2, 3, 4]) vault.keepKey(position, randomDigest());
    for (const position of [1, 3]) vault.keepReceipt(position, receipt);
    expect(vault.withoutReceipt(0, 5)).to.deep.equal([0, 2, 4]);
    expect(vault.withoutReceipt(1, 4)).to.deep.equal([2]);
    expect(vault.receipts(1, 4)).to.deep.equal([receipt, undefined, receipt]);
    await vault.close();
  });

  for (const [bytes, fits] of [
    [0, false],
    [1, true],
    [95, true],
    [96, false],
  ] as const) {
    it(`${fits ? "is" : "is not"} a signature of ${bytes} bytes, which ends where the certificate begins`, async () => {
      const vault = await Vault.open(join(dir, "keys"), 0);
      const receipt = { signature: Buffer.alloc(bytes, 7).toString("base64"), certificate: randomDigest() };
      if (fits) vault.keepReceipt(0, receipt);
      else expect(() => vault.keepReceipt(0, receipt)).to.throw(RangeError, "not the size of a signature");
      expect(vault.read(0)).to.deep.equal({ key: undefined, receipt: fits ? receipt : undefined });
      await vault.close();
    });
  }
});
