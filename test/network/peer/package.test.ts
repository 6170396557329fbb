import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { parsePackage } from "@wanlian/network/embedded/peer/dialogue/package.js";
import { PackageStore } from "@wanlian/network/embedded/peer/dialogue/package-store.js";
import { expect } from "chai";
import { refusal } from "../refusal.js";

describe("chaincode packages", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-packages-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("a package says where its chaincode runs, and is named by its hash", async () => {
    const { id, content } = await contractPackage("records_1", "127.0.0.1:9999");
    const parsed = await parsePackage(content);
    expect(parsed).to.deep.include({ packageId: id, label: "records_1", type: "ccaas" });
    expect(parsed.server).to.deep.equal({ address: "127.0.0.1:9999", dialTimeoutMs: 10_000 });
  });

  it("what was installed is there after a restart, and cannot be installed twice", async () => {
    const { id, content } = await contractPackage("records_1", "127.0.0.1:9999");
    await (await PackageStore.open(folder)).install(content);
    const again = await PackageStore.open(folder);
    expect(again.all().map(({ packageId }) => packageId)).to.deep.equal([id]);
    expect(Buffer.compare(await again.read(id), content)).to.equal(0);
    expect(await refusal(again.install(content))).to.equal("MALFORMED");
  });

  it("an altered package keeps the peer from starting, with its name", async () => {
    const { content } = await contractPackage("records_1", "127.0.0.1:9999");
    const other = await contractPackage("records_1", "127.0.0.1:6666");
    await (await PackageStore.open(folder)).install(content);
    const [file] = await readdir(folder);
    await writeFile(join(folder, file ?? ""), other.content);
    expect(await refusal(PackageStore.open(folder))).to.equal("CONFIGURATION");
  });

  for (const [what, content] of [
    ["no gzip", Buffer.from("plain")],
    ["no tar", gzipSync(Buffer.from("plain"))],
    ["nothing at all", new Uint8Array(0)],
  ] as const) {
    it(`${what}: refused`, async () => {
      expect(await refusal(parsePackage(content))).to.equal("MALFORMED");
    });
  }
});
