import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { runWanlian } from "./wanlian.js";

const MANDATE = "ab".repeat(32);
const log = { department: "CivilMSP", size: 9, position: 9, state: "read", records: 7, questions: 2, leftOut: 0 };
const finding = {
  event: "finding",
  ...{ kind: "RECORD_DROPPED", department: "CivilMSP", record: "cd".repeat(32), position: 3 },
  message: { zh: "日志中没有", en: "its log lacks it" },
};
const begun = { event: "begun", audit: "0123456789abcdef" };
const progress = { event: "progress", logs: [log] };
const end = (found: readonly object[]) => ({ event: "end", logs: [log], found });
const dropped = { kind: "RECORD_DROPPED", department: "CivilMSP", count: 1 };

describe("wanlian audit", () => {
  /** What the command says where a node answers with these lines. */
  async function audited(lines: readonly object[], ...more: string[]) {
    let asked = "";
    const server = createServer((request, response) => {
      request.on("data", (chunk) => {
        asked += chunk;
      });
      request.on("end", () => {
        response.writeHead(200, { "content-type": "application/x-ndjson" });
        response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { WANLIAN_NODE: node, WANLIAN_TOKEN: "token", LANG: "en_US.UTF-8" };
    try {
      return {
        ...(await runWanlian(["audit", "--mandate", MANDATE, ...more], environment)),
        asked: JSON.parse(asked) as object,
      };
    } finally {
      server.close();
    }
  }

  it("lists the filings that were refused, with who, what and why, which are nothing found", async () => {
    const refused = {
      event: "filing",
      ...{ department: "CivilMSP", record: "ef".repeat(32), position: 4, kind: "filing", officer: "0202" },
      ...{ noun: "application", case: "ab".repeat(32), command: "grant", code: "WRONG_STATE" },
      ...{ ledger: { height: 9, time: "2026-09-28T01:00:00Z" }, message: { zh: "状态不符", en: "in another state" } },
    };
    const logs = [{ ...log, filings: 1 }];
    const { code, out } = await audited([begun, refused, { event: "end", logs, found: [] }], "--show", "records");
    expect(code).to.equal(0);
    expect(out).to.match(/4 .*CivilMSP 0202 .*application\.grant .*abababababab .*in another state/);
    expect(out).to.include("7 of them accesses, 1 of them refused filings. No gap found.");
  });

  it("says what was looked at where nothing was found", async () => {
    const { code, out, asked } = await audited(
      [begun, progress, end([])],
      "--departments",
      "CivilMSP,PoliceMSP",
      "--officer",
      "0402",
    );
    expect(code).to.equal(0);
    expect(out).to.include("9 of 9 entries of CivilMSP were checked, 7 of them accesses. No gap found.");
    expect(asked).to.deep.equal({
      mandate: MANDATE,
      departments: ["CivilMSP", "PoliceMSP"],
      filter: { officer: "0402" },
    });
  });

  it("lists what was found, and ends with an error", async () => {
    const { code, out, err } = await audited([begun, finding, end([dropped])]);
    expect(code).not.to.equal(0);
    expect(out).to.match(/RECORD_DROPPED +CivilMSP +its log lacks it/);
    expect(err).to.include("1 found");
  });

  it("gives a program every line as it came", async () => {
    const { out } = await audited([begun, finding, end([dropped])], "--json");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).to.deep.equal([begun, finding, end([dropped])]);
  });

  it("says how to go on with an audit that has no end", async () => {
    const { code, err } = await audited([begun, progress]);
    expect(code).not.to.equal(0);
    expect(err).to.include("--resume 0123456789abcdef");
  });
});
