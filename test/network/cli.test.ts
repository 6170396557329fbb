import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { rolesOf } from "@wanlian/network/certificates/attributes.js";
import { X509Certificate } from "@wanlian/network/certificates/x509.js";
import { run } from "@wanlian/network/cli/program.js";
import { parseTopology } from "@wanlian/network/topology/read.js";
import { screenWidth } from "@wanlian/protocol/screen-width.js";
import { expect } from "chai";

const COMMANDS = [
  "example",
  "certificates",
  "configure",
  "certify",
  "renew",
  "plan",
  "apply",
  "status",
  "inspect",
  "sign",
  "submit",
  "revoke",
];

describe("wanlian network", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-cli-"));
    await writeFile(join(directory, "topology.yaml"), (await wanlian("example")).out.replaceAll(":17", ":1"));
  });

  after(() => rm(directory, { recursive: true, force: true }));

  it("prints an example that is a sound topology", async () => {
    const topology = await parseTopology((await wanlian("example")).out, "example");
    expect(topology.consensus).to.equal("raft");
  });

  it("says in one sentence what it cannot do, and with which code it ends", async () => {
    expect(await wanlian("--topology", join(directory, "none.yaml"), "plan")).to.deep.include({ code: 1 });
    expect((await wanlian("--topology", join(directory, "none.yaml"), "plan")).err).to.match(
      /^The topology file .*none.yaml cannot be read\.\n$/,
    );
    expect((await here("certificates", "NobodyMSP")).err).to.match(
      /^The topology has no organisation NobodyMSP; it has BureauMSP, /,
    );
    expect((await here("inspect", join(directory, "topology.yaml"))).err).to.match(
      /^This is no configuration update: it is not JSON/,
    );
    expect((await here("dance")).code).to.equal(2);
  });

  it("without the others' certificates it names who has to send them", async () => {
    await here("certificates", "CivilMSP");
    expect((await here("plan")).err).to.match(
      /BureauMSP.msp has no root certificate .* have the organisation send its msp folder/,
    );
  });

  it("certifies an officer's own key for the roles that are asked for, and for no others", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const request = join(directory, "officer.csr");
    await writeFile(request, certificateRequest("9999", privateKey));
    const { out } = await here("certify", "CivilMSP", "0204", "--request", request, "--roles", "steward,user");
    const certificate = new X509Certificate(out);
    expect(certificate.subjectName.getField("CN")).to.deep.equal(["0204"]); // what the request says of itself does not count
    expect(rolesOf(certificate)).to.deep.equal(["steward", "user"]);
    const mayor = await here("certify", "CivilMSP", "0205", "--request", request, "--roles", "mayor");
    expect(mayor.err).to.match(
      /^"mayor" is no role; roles are steward, user, auditor, administrator, node, machine\.\n$/,
    );
  });

  it("certifies a machine for its own role alone", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const request = join(directory, "machine.csr");
    await writeFile(request, certificateRequest("sys-household", privateKey));
    const asked = (roles: string) =>
      here("certify", "CivilMSP", "sys-household", "--request", request, "--roles", roles);
    const both = await asked("steward,machine");
    expect([both.code, both.out]).to.deep.equal([1, ""]);
    expect(both.err).to.match(/^A machine has no role beside machine: steward,machine\./);
    expect(rolesOf(new X509Certificate((await asked("machine")).out))).to.deep.equal(["machine"]);
  });

  it("renews what ends soon, and says what is left to do", async () => {
    expect((await here("renew", "CivilMSP")).out).to.equal("No certificate of CivilMSP ends within 60 days.\n");
    const { code, out } = await here("renew", "CivilMSP", "--within", "36500");
    expect(code).to.equal(0);
    expect(out).to.match(/^peers\/peer0 {2}→ \d{4}-\d\d-\d\d\npeers\/peer0 \(TLS\) /);
    expect(out).to.include("Restart one after another, each when the one before is ready: peers/peer0, clients/node.");
    expect((await here("renew", "CivilMSP", "--within", "0")).code).to.equal(2);
  });

  it("revokes only what was issued", async () => {
    for (const mspId of ["BureauMSP", "PoliceMSP", "OrdererMSP"]) await here("certificates", mspId);
    expect((await here("revoke", "CivilMSP", "4711")).err).to.equal("CivilMSP has issued no certificate to 4711.\n");
  });

  it("names the peers and orderers that do not answer, and changes nothing", async () => {
    const { code, out } = await here("plan");
    expect(code).to.equal(0);
    expect(out.split("\n")).to.include(
      "! peer0 of CivilMSP at 127.0.0.1:1111 does not answer: connect ECONNREFUSED 127.0.0.1:1111",
    );
    expect(out.trimEnd().split("\n")).to.have.length(6); // three peers and three orderers, and not a single step
  });

  it("tells programs of a failure in JSON, with its code, what it is about, and the text in both languages", async () => {
    const { code, err } = await here("--json", "certificates", "NobodyMSP");
    expect(code).to.equal(1);
    const { text, ...rest } = JSON.parse(err);
    expect(rest.code).to.equal("INVALID_TOPOLOGY");
    expect(rest.details.mspId).to.equal("NobodyMSP");
    expect(text.zh).to.match(/^拓扑中没有机构 NobodyMSP；有 BureauMSP、/);
    expect(text.en).to.match(/^The topology has no organisation NobodyMSP; it has BureauMSP, /);
  });

  it("names in Chinese too who does not answer, in the plan and in the status", async () => {
    const plan = await inChinese("plan");
    expect(plan.out.split("\n")).to.include(
      "! CivilMSP 的 peer0（127.0.0.1:1111）没有应答：connect ECONNREFUSED 127.0.0.1:1111",
    );
    const { out } = await inChinese("status");
    expect(out).to.include('请启动 CivilMSP 的 peer0，或用 "wanlian network apply" 让它加入。');
    expect(out).to.match(/最早到期的证书是 \S+ 的 \S+ 的，\d{4}-\d\d-\d\d 到期。/);
    expect(out).not.to.match(/\b(the|of|answer|height|Start)\b/);
    const { complaints } = JSON.parse((await inChinese("--json", "status")).out);
    const silent = complaints.find(({ kind }: { kind: string }) => kind === "peer silent");
    expect(silent.remedy.en).to.match(/^Start peer0 of \w+MSP, or let it join/);
  });

  const refusals: readonly (readonly [string, ...string[]])[] = [
    ["没有命令 dance", "dance"],
    ["是否要用：status", "statu"],
    ["没有选项 --loud", "plan", "--loud"],
    ["缺少参数 mspid", "certificates"],
    ["缺少必需的选项 --request <file>", "certify", "CivilMSP", "0204"],
    ["选项 --request <file> 缺少值", "certify", "CivilMSP", "0204", "--request"],
    ["参数过多：certificates 需要 1 个，给出 2 个", "certificates", "a", "b"],
    ["选项 --lang <language> 的值 fr 无效。可选：zh, en。", "--lang", "fr", "plan"],
  ];
  for (const [chinese, ...argv] of refusals)
    it(`what it does not understand it says in Chinese too: ${chinese}`, async () => {
      const { code, err } = await wanlianIn("zh_CN.UTF-8", ...argv);
      expect(code).to.equal(2);
      expect(err).to.include(chinese);
      expect(err).not.to.match(/\b(error|unknown|missing|argument)\b/);
    });

  it("the help is Chinese throughout, and its columns stand", async () => {
    for (const argv of [[], ...COMMANDS.map((command) => [command])]) {
      const { out } = await wanlianIn("zh_CN.UTF-8", ...argv, "--help");
      // Names, options and examples are Latin; English sentences would have one of these.
      expect(out, argv.join()).not.to.match(
        /\b(the|of|and|Usage|Options|Commands|display|choices|default|env:|options)\b/,
      );
    }
    const lines = (await wanlianIn("zh_CN.UTF-8", "--help")).out.split("\n");
    const listed = lines.filter((line) => COMMANDS.some((command) => line.startsWith(`  ${command} `)));
    expect(listed).to.have.length(COMMANDS.length);
    const columns = listed.map((line) => screenWidth(/^ {2}.*? {2,}/.exec(line)?.[0] ?? ""));
    expect(new Set(columns).size, columns.join()).to.equal(1);
  });

  function inChinese(...argv: string[]) {
    return wanlianIn("zh_CN.UTF-8", "--topology", join(directory, "topology.yaml"), ...argv);
  }

  function here(...argv: string[]) {
    return wanlian("--topology", join(directory, "topology.yaml"), ...argv);
  }
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function wanlian(...argv: string[]): Promise<Said> {
  return wanlianIn("en_US.UTF-8", ...argv);
}

async function wanlianIn(locale: string, ...argv: string[]): Promise<Said> {
  let out = "";
  let err = "";
  const code = await run(
    argv,
    { write: (text) => (out += text) },
    { write: (text) => (err += text) },
    { LC_ALL: locale },
  );
  return { code, out, err };
}
