import { toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { WantedAccess } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { currentHolder } from "../signing/current-holder.ts";
import { atDesk } from "../signing/desk.ts";
import type { KeyHolder } from "../signing/holder.ts";
import { API_ROOT, callRoute, Refusal } from "./api.ts";
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
  readonly grant?: { readonly fields: readonly string[] };
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

export type AccessAnswer =
  | { readonly kind: "given"; readonly given: Given }
  | { readonly kind: "saved"; readonly bytes: number };

/** Looks up or checks within a grant. @throws Refusal; SigningRefusal */
export async function askForData(access: Access, officer: Session): Promise<AccessAnswer> {
  const { grant, release, way, subject } = access;
  const given = Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== ""));
  const body = { grant, release, way, ...(Object.keys(given).length === 0 ? {} : { subject: given }) };
  const { payload } = await signing(access, officer, (headers) =>
    callRoute<{ payload: Given }>("POST", "/accesses", body, headers),
  );
  return { kind: "given", given: payload };
}

/** Downloads the granted fields of a release to the officer's own machine. @throws Refusal; SigningRefusal */
export async function download(access: Access, officer: Session): Promise<AccessAnswer> {
  const { grant, release } = access;
  const blob = await signing(access, officer, async (headers) => {
    const answer = await fetch(`${API_ROOT}/downloads`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ grant, release }),
    });
    if (!answer.ok) {
      const { code, title, detail } = (await answer.json()) as { code: string; title: string; detail: string };
      throw new Refusal(code, title, detail);
    }
    // It breaks where a column is not the registered one: then there is no file.
    return answer.blob();
  });
  saveAs(blob, `${release.slice(0, FILE_DIGITS)}.csv`);
  return { kind: "saved", bytes: blob.size };
}

const FILE_DIGITS = 12;

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function signing<T>(
  access: Access,
  officer: Session,
  work: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (officer.key === "node") return work({});
  const own = await currentHolder();
  if (own === undefined) throw new Refusal("SIGNATURE_MISSING", "", "this browser has no key");
  return atDesk(await own.decide({ kind: "access", wanted: wantedOf(access, officer, own) }), work);
}

/** What was shown, in the words of the request that is signed. */
function wantedOf({ grant, state, release, way }: Access, officer: Session, own: KeyHolder): WantedAccess {
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
    fields: state.grant?.fields,
    purpose,
    scenario,
    way,
    road: "gateway",
    principal,
    mandate,
  } as WantedAccess;
}
