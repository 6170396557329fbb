import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { traced } from "@wanlian/client/traces";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { pino } from "pino";
import { apiWorld } from "../client/api/world.js";
import { FakeNetwork } from "../client/fake-network.js";
import { CHAINCODE, CHANNEL, publishDemand, TestLedger } from "../client/test-ledger.js";
import { attribute, collected } from "./collector.js";

describe("traces of a filing", () => {
  it("are its endorsement, its handing over and its way into a block", async () => {
    const ledger = await TestLedger.opened();
    const user = await ledger.officer("CivilMSP", "1001", "user");
    const { signer: nodeSigner } = await ledger.officer("CivilMSP", "9000", "node");
    const directory = await mkdtemp(join(tmpdir(), "wanlian-traces-"));
    const db = await openDatabase({ directory, url: undefined });
    const projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
    const node = new DepartmentNode({
      ...{ department: "CivilMSP", channel: CHANNEL, chaincode: CHAINCODE, nodeSigner, db, projection },
      connector: new FakeNetwork(ledger),
      models: RELEASED,
      voidFile: join(directory, "void.jsonl"),
      log: pino({ level: "silent" }),
    });
    await node.start((error) => {
      throw error;
    });
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    try {
      const { spans } = await collected(() =>
        traced("request", { of: "fileDemand" }, async () => {
          const { status } = await node.submit(user.signer, publishDemand("traced"), "a-key-of-its-own");
          expect(status).to.equal("counted");
          const moved = { ...publishDemand("traced"), case: "demand-that-is-not" as never, type: "withdraw", body: {} };
          await node.submit(user.signer, moved, "another-key").catch(() => undefined);
        }),
      );
      const [request] = spans.filter(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === "");
      const [filing, refused] = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
      expect([request?.name, filing?.name]).to.deep.equal(["request fileDemand", "filing demand:publish"]);
      const parts = spans.filter(({ parentSpanId }) => parentSpanId === filing?.spanId);
      expect(parts.map(({ name }) => name)).to.deep.equal(["endorse demand:publish", "commit"]);
      const [, commit] = parts;
      expect(commit && attribute(commit, "wanlian.result")).to.equal("counted");
      expect(commit && attribute(commit, "wanlian.transaction")).to.match(/^[0-9a-f]{64}$/);
      const handed = spans.filter(({ parentSpanId }) => parentSpanId === commit?.spanId);
      expect(handed.map(({ name }) => name)).to.deep.equal(["submit"]);
      expect(refused && attribute(refused, "error.type")).to.be.a("string");
    } finally {
      await node.stop();
      await db.destroy();
      await rm(directory, { recursive: true, force: true });
      await ledger.remove();
    }
  });
});

describe("traces of a request", () => {
  it("are begun at this door, named after the operation, and found from the log's line", async () => {
    const world = await apiWorld();
    try {
      const { spans } = await collected(async () => {
        const headers = { traceparent: `00-${"a1".repeat(16)}-${"b2".repeat(8)}-01` };
        const token = await world.logIn("CA-1");
        expect((await world.call("GET", "/sessions/current", { token, headers })).status).to.equal(200);
        expect((await world.call("GET", "/sessions/current", { headers })).status).to.equal(401);
        // A request's span ends with it, which the client may know before the server does.
        await world.stop();
      });
      expect(spans.map(({ name }) => name)).to.deep.equal([
        "request logIn",
        "request showSession",
        "request showSession",
      ]);
      expect(new Set(spans.map(({ traceId }) => traceId)).size, "each begins one").to.equal(3);
      const [, good, refused] = spans;
      expect(good && attribute(good, "http.response.status_code")).to.satisfy(
        (status: unknown) => Number(status) === 200,
      );
      expect(refused && attribute(refused, "error.type")).to.equal("NOT_LOGGED_IN");
      expect(refused?.status.code, "no failure of the node's").not.to.equal(2);
      expect(world.logged()).to.include(`"trace":"${good?.traceId}"`);
    } finally {
      await world.stop();
    }
  });
});
