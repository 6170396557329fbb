import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkError } from "@wanlian/network/error.js";
import { findBinaries, supports } from "@wanlian/network/fabric/binaries.js";
import { expect } from "chai";

describe("Fabric's programs", () => {
  let folder: string;
  let bin: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-fabric-"));
    bin = join(folder, "bin");
    await mkdir(bin);
    await mkdir(join(folder, "builders", "ccaas", "bin"), { recursive: true });
    await program(join(bin, "orderer"), "");
    await program(join(folder, "builders", "ccaas", "bin", "detect"), "");
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function program(file: string, says: string): Promise<void> {
    await writeFile(file, `#!/bin/sh\ncat <<'END'\n${says}\nEND\n`);
    await chmod(file, 0o755);
  }

  const peer = (says: string) => program(join(bin, "peer"), says);

  for (const [says, version] of [
    ["peer:\n Version: v3.1.5\n Go version: go1.26.1", "3.1.5"],
    ["peer:\n Version: 2.5.16\n", "2.5.16"],
    ["peer:\n Version: latest\n Commit SHA: development build\n", "latest"],
    ["peer:\n Version: v3.1\n", "3.1"],
  ] as const)
    it(`are taken where the peer says ${version}`, async () => {
      await peer(says);
      expect(await findBinaries(bin, "raft")).to.include({ version, peer: join(bin, "peer") });
    });

  async function refusal(): Promise<NetworkError> {
    const error = await findBinaries(bin, "raft").catch((reason: unknown) => reason);
    return error instanceof NetworkError ? error : expect.fail(`not refused: ${String(error)}`);
  }

  it("are refused where the peer says no version at all", async () => {
    await peer("hello");
    expect(await refusal()).to.have.property("code", "NO_FABRIC");
  });

  it("are told apart from a missing builder", async () => {
    await peer(" Version: v3.1.5");
    await rm(join(folder, "builders"), { recursive: true });
    const { code, text } = await refusal();
    expect(code).to.equal("NO_FABRIC");
    expect(text.en).to.match(/has Fabric's programs, but the builder .* is not beside it/);
    expect(text.zh).to.include("缺少链码即服务构建器");
  });

  it("support BFT from Fabric 3 on, and where a build says no number", () => {
    expect(["2.5.16", "3.1.5", "latest"].map((version) => supports(version, "bft"))).to.deep.equal([false, true, true]);
  });
});
