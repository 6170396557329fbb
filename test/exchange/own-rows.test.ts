import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Operation, Request } from "@wanlian/client/api/operation.js";
import { exchangeOperations } from "@wanlian/client/api/operations/access/exchange.js";
import { checksOf } from "@wanlian/client/api/validation.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { NodeServices } from "@wanlian/client/core/services.js";
import { sourceAt } from "@wanlian/client/exchange/sources/source-list.js";
import { cellDigest, rowDigest, textOf } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { OwnRows } from "@wanlian/client/sheets/compared/own-rows.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { runWanlian } from "../client/cli/wanlian.js";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

const THEIRS = `code,name,id,note\n1,宛城,a,x\n2,卧龙,b,x\n3,,c,x\n4,新野,d,x\n4,新野县,e,x\n`;
const OWN = `code,name,kept\n1,宛城,k\n2,"卧龙, 区",k\n3,,k\n4,新野,k\n5,方城,k\n,无名,k\n`;

describe("what a comparison under a grant comes to", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let node: Server;
  let file: string;
  const sent: string[] = [];

  before(async () => {
    world = await makeExchangeWorld({ csv: THEIRS });
    grant = await world.grant(["code", "name"]);
    file = join(world.dir, "own.csv");
    await writeFile(file, OWN);
    node = createServer((request, response) => {
      answer(request.url ?? "", request).then(
        async (body) => {
          for await (const part of body) response.write(part);
          response.end();
        },
        (error: unknown) => {
          const code = error instanceof ExchangeError ? String(error.details.reason ?? error.code) : String(error);
          response.writeHead(403).end(JSON.stringify({ code, title: code, detail: code }));
        },
      );
    });
    await once(node.listen(0, "127.0.0.1"), "listening");
  });
  after(async () => {
    node.closeAllConnections();
    node.close();
    await world.remove();
  });

  /** The consumer's node, as far as the command asks it. */
  async function answer(url: string, request: AsyncIterable<Buffer>): Promise<AsyncIterable<string> | string[]> {
    if (url.includes("/applications/")) {
      return [JSON.stringify({ case: { state: { grant: { fields: ["code", "name"] } } } })];
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    sent.push(body);
    const exchange = { consumer: world.consumer.exchange.consumer } as never;
    const operation = exchangeOperations(() => exchange).find(({ id }) => id === "compare") as Operation;
    const checks = checksOf(operation);
    const given = {
      services: {
        model: () => RELEASED.latest,
        head: async ({ noun, case: id }) => ({
          ...{ noun, case: id, act: 0, next: 1 },
          state: (await world.consumer.view.head(noun, id))?.state,
        }),
      } as Pick<NodeServices, "model" | "head"> as NodeServices,
      ...{ db: world.consumer.exchange.options.db, path: {}, query: {}, body: checks.body(JSON.parse(body)) },
      caller: { signer: world.officer.signer } as never,
    } as unknown as Request;
    const { stream } = await operation.handle(given);
    return stream ?? [];
  }

  const wanlian = (...argv: string[]) => {
    const { port } = node.address() as AddressInfo;
    return runWanlian(argv, { LANG: "en_GB.UTF-8", WANLIAN_NODE: `http://127.0.0.1:${port}`, WANLIAN_TOKEN: "t" });
  };

  it("names rows by what the asking side has: what differs, what is not there, what stands there twice", async () => {
    const out = join(world.dir, "differences.csv");
    const ran = await wanlian("--json", "quality", "compare", file, "--key", "code", "--grant", grant, "--out", out);
    expect(ran.err).to.equal("");
    expect(JSON.parse(ran.out)).to.deep.equal({
      ...{ rows: 5, unnamed: 1, found: 3 },
      absent: [{ row: 4, key: ["5"] }],
      several: [{ row: 3, key: ["4"] }],
      fields: [{ field: "name", same: 2, different: 1 }],
      differences: [{ row: 1, key: ["2"], field: "name", value: "卧龙, 区" }],
    });
    expect(await readFile(out, "utf8")).to.equal(
      'row,code,finding,field,own\n5,5,absent,,\n4,4,several,,\n2,2,different,name,"卧龙, 区"\n',
    );
    const shown = await wanlian("quality", "compare", file, "--key", "code", "--grant", grant);
    expect(shown.out).to.include("not there").and.include("卧龙, 区");
  });

  it("sends digests alone: no value of the file, and another key each time", async () => {
    sent.length = 0;
    await wanlian("quality", "compare", file, "--key", "code", "--grant", grant);
    await wanlian("quality", "compare", file, "--key", "code", "--grant", grant);
    expect(sent).to.have.length(2);
    for (const value of ["宛城", "方城", "kept"]) expect(sent.join()).to.not.include(value);
    const [one, two] = sent.map((body) => JSON.parse(body) as { compared: { key: string; rows: string } });
    expect(one?.compared.key)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(two?.compared.key);
    expect(one?.compared.rows).to.not.equal(two?.compared.rows);
  });

  it("is refused where the grant does not cover the fields, and where the file does not fit", async () => {
    const compare = ["quality", "compare", file, "--grant", grant];
    const more = join(world.dir, "more.csv");
    await writeFile(more, "code,id\n1,a\n");
    const beyond = await wanlian("quality", "compare", more, "--grant", grant, "--key", "code", "--columns", "id");
    expect([beyond.code, beyond.err.includes("FIELD_NOT_GRANTED")], beyond.err).to.deep.equal([1, true]);
    const unknown = await wanlian(...compare, "--key", "number");
    expect([unknown.code, unknown.err.includes('no column "number"')]).to.deep.equal([2, true]);
    await writeFile(more, "code,name\n1,a\n2,b\n1,c\n");
    const twice = await wanlian("quality", "compare", more, "--grant", grant, "--key", "code");
    expect([twice.code, twice.err.includes("rows 1 and 3")], twice.err).to.deep.equal([1, true]);
    expect((await wanlian("quality", "compare", file, more, "--grant", grant, "--key", "code")).code).to.equal(2);
    expect((await wanlian("quality", "compare", file, more, "--key", "code", "--out", "x")).code).to.equal(2);
  });

  it("takes no row back that it did not ask for, and none of another width", async () => {
    const own = await OwnRows.read(await sourceAt({ kind: "csv", path: file }), ["code"], ["name"]);
    const [request] = own.requests();
    const key = Buffer.from(request?.key ?? "", "hex");
    const name = textOf(rowDigest(key, ["1"]));
    own.take([name, textOf(cellDigest(key, ["1"], "name", "宛城"))]);
    expect(own.result()).to.include({ found: 1 });
    for (const line of [["A".repeat(22), "B".repeat(22)], [name], [name, "x", "y"], []]) {
      expect(() => own.take(line), line.join())
        .to.throw(ExchangeError)
        .with.property("code", "BAD_ANSWER");
    }
  });

  it("goes in as many requests as it takes", async () => {
    const large = join(world.dir, "large.csv");
    await writeFile(large, `code,name\n${Array.from({ length: 100_001 }, (_, at) => `${at},n`).join("\n")}\n`);
    const own = await OwnRows.read(await sourceAt({ kind: "csv", path: large }), ["code"], ["name"]);
    const requests = [...own.requests()];
    expect(requests.map(({ rows }) => Buffer.from(rows, "base64").length / 16)).to.deep.equal([100_000, 1]);
    expect(new Set(requests.map(({ key }) => key)).size, "one key for one comparison").to.equal(1);
  });
});
