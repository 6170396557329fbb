import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimDataDirectory } from "@wanlian/client/running/machine/data-directory.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { expect } from "chai";
import { endOf, taken } from "./ended.js";

const MAIN = createRequire(import.meta.url).resolve("@wanlian/client/running/main.js");

/** The programs' own words for what is wrong: one sentence, and where. */
interface Case {
  readonly what: string;
  /** Members of the configuration that are others, or the whole file's text. */
  readonly config: object | string;
  readonly says: RegExp;
  readonly environment?: NodeJS.ProcessEnv;
}

describe("a node that cannot start", () => {
  let directory: string;
  let port: Awaited<ReturnType<typeof taken>>;
  let config: Record<string, unknown>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-start-"));
    port = await taken();
    const organisation = await Organisation.create(join(directory, "org"), "CivilMSP", "civil affairs");
    await organisation.addClient("node", ["node"], ["127.0.0.1"]);
    await organisation.addClient("other", ["node"], ["127.0.0.1"]);
    await writeFile(
      join(directory, "garbage.pem"),
      "-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n",
    );
    await mkdir(join(directory, "officers"));
    const client = (name: string, file: string) => join(directory, "org", "clients", name, ...file.split("/"));
    const [key = ""] = await readdir(client("node", "msp/keystore"));
    config = {
      ...{ department: "CivilMSP", channel: "city", chaincode: "records", listen: "127.0.0.1:0" },
      gateway: { address: "127.0.0.1:1", tlsRootCerts: client("node", "tls/ca.pem") },
      identity: { cert: client("node", "msp/signcerts/cert.pem"), key: client("node", `msp/keystore/${key}`) },
      ...{ dataDir: join(directory, "data"), officers: join(directory, "officers"), voidFile: join(directory, "void") },
    };
  });
  after(async () => {
    port.close();
    await rm(directory, { recursive: true, force: true });
  });

  const identity = () => config.identity as { readonly cert: string; readonly key: string };
  const tls = () => ({
    cert: join(directory, "org", "clients", "node", "tls", "cert.pem"),
    key: join(directory, "org", "clients", "node", "tls", "key.pem"),
  });
  const other = () => join(directory, "org", "clients", "other", "tls", "key.pem");
  const exchange = (more: object) => ({ exchange: { listen: "127.0.0.1:0", tls: tls(), addresses: {}, ...more } });

  const CASES: readonly (() => Case)[] = [
    () => ({ what: "no JSON", config: "{", says: /node\.json cannot be read: .*JSON/ }),
    () => ({ what: "a member that there is none of", config: { colour: "red" }, says: /node\.json: / }),
    () => ({ what: "an address that is none", config: { listen: "nowhere" }, says: /node\.json: \/listen/ }),
    () => ({
      what: "a key that is not there",
      config: { identity: { ...identity(), key: join(directory, "none.pem") } },
      says: /none\.pem cannot be used: /,
    }),
    () => ({
      what: "a key that is none",
      config: { identity: { ...identity(), key: join(directory, "garbage.pem") } },
      says: /garbage\.pem cannot be used: /,
    }),
    () => ({
      what: "another's key",
      config: { identity: { ...identity(), key: other() } },
      says: /does not belong to the certificate/,
    }),
    () => ({
      what: "no TLS roots of its peer",
      config: { gateway: { address: "127.0.0.1:1", tlsRootCerts: join(directory, "none.pem") } },
      says: /the TLS roots cannot be read: .*none\.pem/,
    }),
    () => ({ what: "a port in use", config: { listen: port.address }, says: portInUse(port.address) }),
    () => ({
      what: "the port of its figures in use",
      config: { operations: port.address },
      says: portInUse(port.address),
    }),
    () => ({
      what: "the port of its exchange in use",
      config: exchange({ listen: port.address }),
      says: portInUse(port.address),
    }),
    () => ({
      what: "another's key of its exchange",
      config: exchange({ tls: { ...tls(), key: other() } }),
      says: /does not belong to the certificate/,
    }),
    () => ({
      what: "no certificate of its exchange",
      config: exchange({ tls: { ...tls(), cert: join(directory, "none.pem") } }),
      says: /none\.pem cannot be used: /,
    }),
    () => ({
      what: "another's key of its API",
      config: { tls: { ...tls(), key: other() } },
      says: /the API cannot serve with/,
    }),
    () => ({
      what: "a data folder that is a file",
      config: { dataDir: join(directory, "garbage.pem") },
      says: /the data directory .* cannot be written/,
    }),
    () => ({
      what: "a database that does not answer",
      config: {},
      environment: { WANLIAN_DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" },
      says: /database|ECONNREFUSED/,
    }),
    () => ({
      what: "a collector's address that is none",
      config: {},
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" },
      says: /OTEL_EXPORTER_OTLP_ENDPOINT/,
    }),
  ];

  const started = async ({ config: more, environment }: Pick<Case, "config" | "environment">) => {
    const file = join(directory, "node.json");
    await writeFile(file, typeof more === "string" ? more : JSON.stringify({ ...config, ...more }));
    return await endOf(MAIN, [file], environment);
  };

  for (const made of CASES)
    it(`ends at once and says why: ${made.toString().match(/what: "([^"]+)"/)?.[1]}`, async () => {
      const { says, ...asked } = made();
      const { code, out, err } = await started(asked);
      expect([code, out]).to.deep.equal([1, ""]);
      expect(sentences(err)).to.have.length(1);
      expect(sentences(err)[0]).to.match(says);
    });

  it("ends at once where another node has its data folder, and names that one's process", async () => {
    const claimed = claimDataDirectory(join(directory, "data"));
    try {
      const { code, err } = await started({ config: {} });
      expect(code).to.equal(1);
      expect(sentences(err)[0]).to.include(`another node (process ${process.pid}) is using`);
    } finally {
      claimed.release();
    }
  });

  it("ends at once without a configuration's name, and with one that is not there", async () => {
    expect(await endOf(MAIN, [])).to.deep.include({ code: 1, err: "usage: main.js CONFIG.json\n" });
    const { code, err } = await endOf(MAIN, [join(directory, "nowhere.json")]);
    expect([code, sentences(err).length]).to.deep.equal([1, 1]);
    expect(err).to.match(/nowhere\.json cannot be read/);
  });
});

const portInUse = (address: string): RegExp => new RegExp(`${address} cannot be used: .*EADDRINUSE`);

/** What is said to people: lines that are not the log's. */
const sentences = (err: string): string[] => err.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
