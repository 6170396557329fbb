import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Signer } from "@wanlian/client/core/services.js";
import { readOfficerCertificate } from "@wanlian/client/keys/officers/certificate.js";
import { signerOf as officerSigner } from "@wanlian/client/keys/officers/officer-signer.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { Case, LedgerPosition, LedgerPresent } from "@wanlian/client/read/ledger-reader.js";
import { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { log } from "@wanlian/client/running/start.js";
import type { Digest, Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import { noteSigner } from "@wanlian/model/note.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import type { Credential } from "@wanlian/network/certificates/authority.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";

/** The version of the rules that is in force on the ledger. */
const MODEL = 2;
export const CHANNEL = "pilot";
export const RELEASE = "aa".repeat(32) as TransactionId;
export const GRANT = "bb".repeat(32) as TransactionId;
const TIME = "2026-03-02T01:00:00Z" as Instant;

/** Everything that one side of the benchmark needs; plain JSON, since the provider is a process of its own. */
export interface SidePlan {
  readonly department: string;
  readonly dir: string;
  /** Genesis block, base64. */
  readonly genesis: string;
  readonly node: Credential;
  readonly tls: Credential;
  readonly addresses: Readonly<Record<string, string>>;
  readonly dataset: string;
  readonly provider: string;
  readonly consumer: string;
  readonly fields: readonly FieldDigest[];
  readonly rowRoot: string;
  /** Folder of the tree over the rows. */
  readonly tree: string;
  readonly rows: number;
  readonly source: string;
  /** PEM of the departments' TLS authorities. */
  readonly authorities: readonly string[];
}

export function signerOf(mspId: string, { certificate, privateKey }: Credential): Signer {
  return officerSigner({ ...readOfficerCertificate(certificate), key: createPrivateKey(privateKey) }, mspId);
}

export async function openSide(plan: SidePlan): Promise<DepartmentExchange> {
  await mkdir(plan.dir, { recursive: true });
  const department = plan.department as MspId;
  const bundle = bundleFromBlock(Block.decode(Buffer.from(plan.genesis, "base64")).data?.data ?? []);
  const exchange = await DepartmentExchange.start({
    department,
    channel: CHANNEL,
    nodeSigner: signerOf(department, plan.node),
    logSigner: noteSigner(`${CHANNEL}/log/${department}`, generateKeyPairSync("ed25519").privateKey),
    ledger: new FixedLedger(plan),
    bundle: () => bundle,
    db: await openDatabase({ directory: plan.dir, url: undefined }),
    dir: join(plan.dir, "exchange"),
    tls: { cert: plan.tls.certificate, key: plan.tls.privateKey },
    listen: "127.0.0.1:0",
    addresses: new Map(Object.entries(plan.addresses)),
    logger: log.child({ department }, { level: "warn" }),
  });
  if (plan.department === plan.provider) {
    const place = { kind: "csv", path: plan.source } as const;
    await exchange.sources.add({
      dataset: plan.dataset as never,
      rowRoot: plan.rowRoot as Digest,
      rows: plan.tree,
      place,
    });
  }
  return exchange;
}

/** A ledger that stands still: what the exchange costs is measured, not what the ledger does. */
class FixedLedger implements LedgerPresent {
  readonly #plan: SidePlan;

  constructor(plan: SidePlan) {
    this.#plan = plan;
  }

  position(): LedgerPosition {
    return { height: 1, block: "00".repeat(32), time: TIME, ready: true };
  }

  reading(): Reading {
    return RELEASED.of(MODEL).reading;
  }

  async blockHash(): Promise<string> {
    return "00".repeat(32);
  }

  async head(noun: string): Promise<Case | undefined> {
    const { dataset, provider, consumer, fields, rowRoot, rows } = this.#plan;
    const names = fields.map(({ name }) => name);
    const from = "2026-01-01T00:00:00Z";
    const to = "2026-12-31T00:00:00Z";
    const frequency = { calls: 1_000_000_000, per: "total" };
    const states: Readonly<Record<string, object>> = {
      member: { status: "active", operators: [] },
      policy: { opened: from, versions: [{ from, act: 1, rules: {} }] },
      release: { status: "registered", dataset, provider, rowRoot, fields: names, rows },
      application: {
        ...{ status: "granted", dataset, provider, consumer, purpose: "lookup", scenario: "bench" },
        grant: { fields: names, from, to, frequency, act: 1 },
      },
    };
    const state = states[noun];
    return state === undefined ? undefined : { act: 1, state: state as CaseState };
  }

  async openObjections(): Promise<readonly TransactionId[]> {
    return [];
  }

  async releaseFields(): Promise<readonly FieldDigest[]> {
    return this.#plan.fields;
  }

  async reached(): Promise<boolean> {
    return true;
  }
}
