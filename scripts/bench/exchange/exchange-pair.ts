import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Signer } from "@wanlian/client/core/services.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import type { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { makeCsvRelease } from "@wanlian/client/tables";
import type { Organisation } from "@wanlian/network/certificates/organisation.js";
import { makeConsortium } from "../ledger/consortium.js";
import { GRANT, openSide, RELEASE, type SidePlan, signerOf } from "./exchange-side.js";

const PROVIDER = "CivilMSP";
const CONSUMER = "PoliceMSP";
const DATASET = `${PROVIDER}/bench`;

/** Two departments' exchanges over real TLS: the provider in a process of its own, the consumer here. */
export interface ExchangePair {
  readonly consumer: DepartmentExchange;
  readonly officer: Signer;
  readonly source: string;
  /** Where the same file is served by plain HTTPS, and by whose authority. */
  readonly plain: string;
  readonly authority: string;
  /** Where a bare relay listens, and with what this side goes there. */
  readonly relay: string;
  readonly tls: { readonly cert: string; readonly key: string };
  ask(more: Partial<Ask>): Ask;
  /** Resident memory of the provider's process, bytes. */
  providerMemory(): Promise<number>;
  close(): Promise<void>;
}

/** @param rows of the source's file; a row has about `width` bytes */
export async function openPair(rows: number, width: number): Promise<ExchangePair> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-bench-exchange-"));
  const { organisations, genesis } = await makeConsortium(folder);
  const source = join(folder, "bench.csv");
  await writeRows(source, rows, width);
  const { release, folder: tree } = await makeCsvRelease(source);
  const plan = async (department: string, addresses: Record<string, string>): Promise<SidePlan> => {
    const organisation = organisations.get(department) as Organisation;
    return {
      ...{
        department,
        genesis,
        addresses,
        source,
        tree,
        rows: release.rows,
        rowRoot: release.rowRoot,
        fields: release.fields,
      },
      ...{ dataset: DATASET, provider: PROVIDER, consumer: CONSUMER, dir: join(folder, department) },
      authorities: [...organisations.values()].map(({ tls }) => tls.certificate),
      node: await organisation.identities.issue({ kind: "identity", unit: "client", name: "node", roles: ["node"] }),
      tls: await organisation.tls.issue({ kind: "tls", name: "node", hosts: ["127.0.0.1"] }),
    };
  };
  const file = join(folder, "provider.json");
  await writeFile(file, JSON.stringify(await plan(PROVIDER, {})));
  const { child, address, plain, relay } = await startProvider(file);
  const consumer = await openSide(await plan(CONSUMER, { [PROVIDER]: address }));
  const officer = await organisations
    .get(CONSUMER)
    ?.identities.issue({ kind: "identity", unit: "client", name: "0302", roles: ["user"] });
  if (officer === undefined) throw new RangeError(`there is no ${CONSUMER}`);
  return {
    ...{ consumer, source, plain, relay, tls: consumer.options.tls, officer: signerOf(CONSUMER, officer) },
    authority: organisations.get(PROVIDER)?.tls.certificate ?? "",
    ask: (more) => ({ ...(ASK as Ask), ...more }),
    async providerMemory() {
      child.send("memory");
      const [bytes] = (await once(child, "message")) as [number];
      return bytes;
    },
    async close() {
      await consumer.close();
      await consumer.options.db.destroy();
      child.kill("SIGTERM");
      await once(child, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ASK = {
  ...{ dataset: DATASET, release: RELEASE, grant: GRANT, purpose: "lookup", scenario: "bench" },
  ...{ fields: ["code", "name"], way: "lookup", road: "gateway" },
};

async function startProvider(
  plan: string,
): Promise<{ child: ChildProcess; address: string; plain: string; relay: string }> {
  const program = new URL("exchange-provider.js", import.meta.url).pathname;
  const child = fork(program, [plan], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    return { child, ...(JSON.parse(line) as { address: string; plain: string; relay: string }) };
  }
  throw new Error("the provider's process ended before it served");
}

/** Rows as a register has them: a code with zeros, a Chinese name, an 18-digit number, and text to fill the width. */
async function writeRows(path: string, rows: number, width: number): Promise<void> {
  const file = createWriteStream(path);
  file.write("code,name,id,note\n");
  const filler = "x".repeat(Math.max(0, width - 60));
  for (let at = 0; at < rows; at += 1) {
    const line = `${String(at).padStart(9, "0")},南阳市第${at}号,${411_302_000_000_000_000n + BigInt(at)},${filler}\n`;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
