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
});
