import { excelCsv, readCsv } from "@wanlian/client/sheets/index.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { WantedAccess } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { currentHolder } from "../signing/current-holder.ts";
import { atDesk } from "../signing/desk.ts";
import type { KeyHolder } from "../signing/holder.ts";
import { callRoute, postForStream, Refusal } from "./api.ts";
import { chunksOf } from "./files.ts";
import type { Session } from "./session.tsx";

export type AccessWay = "lookup" | "verification" | "download";

/** What of an application a request for data takes. */
export interface GrantState {
  readonly dataset: string;
  readonly purpose: string;
  readonly scenario: string;
  readonly provider: string;
  readonly principal?: string;
  readonly mandate?: string;
  readonly grant?: { readonly fields: readonly string[]; readonly ofClass?: object };
}

export interface Access {
  readonly grant: string;
  readonly state: GrantState;
  readonly release: string;
  readonly way: AccessWay;
  readonly subject: Readonly<Record<string, string>>;
}

/** What a provider gives: an answer to a check, or rows, not all of which may fit. */
export type Given =
  | { readonly match: boolean }
  | {
      readonly fields: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly more: boolean;
    };

/** An answer with its proofs, as `access lookup --keep` writes it: whoever is shown it can check it. */
export interface KeptAnswer {
  readonly record: string;
  readonly answer: {
    readonly subject: Readonly<Record<string, string>>;
    readonly payload: Given;
    readonly proofs: readonly unknown[];
  };
}

export type AccessAnswer =
  | { readonly kind: "given"; readonly given: Given; readonly kept: KeptAnswer }
  | { readonly kind: "saved"; readonly bytes: number };

/** Looks up or checks within a grant. @throws Refusal; SigningRefusal */
export async function askForData(access: Access, officer: Session): Promise<AccessAnswer> {
  const { grant, release, way, subject } = access;
  const given = Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== ""));
  const body = {
    grant,
    dataset: access.state.dataset,
    release,
    way,
    ...(Object.keys(given).length === 0 ? {} : { subject: given }),
  };
  const { payload, proofs, record } = await signing(access, officer, (headers) =>
    callRoute<{ payload: Given; proofs: readonly unknown[]; record: string }>("POST", "/accesses", body, headers),
  );
  return { kind: "given", given: payload, kept: { record, answer: { subject: given, payload, proofs } } };
}

/** A download as it came, which is what can be held against the release; or as CSV that Excel opens. */
export const DOWNLOAD_FORMS = ["csv", "excel"] as const;
export type DownloadForm = (typeof DOWNLOAD_FORMS)[number];

/**
 * Downloads the granted fields of a release to the officer's own machine.
 * @throws Refusal; SigningRefusal; ExchangeError where what came is no CSV
 */
export async function download(access: Access, form: DownloadForm, officer: Session): Promise<AccessAnswer> {
  const { grant, release } = access;
  const { dataset } = access.state;
  const blob = await signing(access, officer, async (headers) => {
    const answer = await postForStream("/downloads", { grant, dataset, release }, headers);
    // It breaks where a column is not the registered one: then there is no file.
    return answer.blob();
  });
  saveAs(form === "excel" ? await forExcel(blob) : blob, `${release.slice(0, FILE_DIGITS)}.csv`);
  return { kind: "saved", bytes: blob.size };
}

async function forExcel(blob: Blob): Promise<Blob> {
  const parts: string[] = [];
  for await (const part of excelCsv(readCsv(chunksOf(blob)))) parts.push(part);
  return new Blob(parts, { type: "text/csv" });
}

const FILE_DIGITS = 12;

/** For one's own eyes: its name says which access it was, by which its cells are found again. */
export function keepAnswer({ record, answer }: KeptAnswer): void {
  saveAs(new Blob([JSON.stringify(answer)], { type: "application/json" }), `answer-${record}.json`);
}

/** The record that the name of a kept answer says; undefined where it was given another. */
export const recordInName = (name: string): string | undefined => /[0-9a-f]{64}/.exec(name)?.[0];

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** What of a request for data the officer is shown before it is signed. */
export interface SignedAccess {
  readonly grant: string;
  readonly state: GrantState;
  readonly release: string;
  readonly way: AccessWay | "comparison";
  /** All that is granted where left out. */
  readonly fields?: readonly string[];
  /** Of a comparison: what rows are known by. */
  readonly by?: readonly string[];
}

/** Does what takes the officer's signature: the node's with a key that it keeps, else the one at hand. */
export async function signing<T>(
  access: SignedAccess,
  officer: Session,
  work: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (officer.key === "node") return work({});
  const own = await currentHolder();
  if (own === undefined) throw new Refusal("SIGNATURE_MISSING", "", "this browser has no key");
  return atDesk(await own.decide({ kind: "access", wanted: wantedOf(access, officer, own) }), work);
}

/** What was shown, in the words of the request that is signed. */
function wantedOf(
  { grant, state, release, way, fields, by }: SignedAccess,
  officer: Session,
  own: KeyHolder,
): WantedAccess {
  const { dataset, provider, purpose, scenario, principal, mandate } = state;
  const certificate = Certificate.fromPem(Buffer.from(own.certificate));
  return {
    channel: own.channel,
    provider,
    consumer: officer.department,
    officer: officer.officer,
    certificate: toHex(sha256(certificate.raw)),
    dataset,
    release,
    grant,
    fields: fields ?? state.grant?.fields,
    by,
    purpose,
    scenario,
    way,
    road: "gateway",
    principal,
    mandate,
  } as WantedAccess;
}
