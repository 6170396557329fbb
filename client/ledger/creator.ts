import type { Instant, MspId, OfficerNumber } from "@wanlian/model/identifiers.js";
import { type Actor, ROLES, type Role } from "@wanlian/model/kernel/act.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";

/** Fabric CA's certificate extension for attributes: JSON `{"attrs":{name: value}}`. */
const ATTRIBUTES_OID = "1.2.3.4.5.6.7.8.1";
const ROLE_ATTRIBUTE = "wanlian.role";
/** The organizational unit of officers and applications (NodeOUs). */
const CLIENT_UNIT = "client";
/** Certificates remembered, since officers act again and again. */
const MAX_REMEMBERED = 2_000;

const remembered = new Map<string, Actor | undefined>();

/**
 * The officer behind a transaction's creator (proto msp.SerializedIdentity): department, number and roles from the
 * certificate. Undefined if it is no officer's (no client, no number, unreadable). Whether the certificate is genuine
 * is for the MSP to say, which the peer has asked before it called the transaction valid.
 */
export function actorOf(creator: Uint8Array): Actor | undefined {
  const key = Buffer.from(creator).toString("latin1");
  if (remembered.has(key)) return remembered.get(key);
  const actor = readActor(creator);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, actor);
  return actor;
}

function readActor(creator: Uint8Array): Actor | undefined {
  try {
    const { mspid, idBytes } = SerializedIdentity.decode(creator);
    const certificate = Certificate.fromPem(idBytes);
    if (!certificate.organizationalUnits.includes(CLIENT_UNIT) || certificate.commonName === "") return undefined;
    return {
      department: mspid as MspId,
      officer: certificate.commonName as OfficerNumber,
      roles: rolesOf(certificate),
      certificateExpires: `${certificate.notAfter.toISOString().slice(0, 19)}Z` as Instant,
    };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function rolesOf(certificate: Certificate): Role[] {
  const extension = certificate.extensions.get(ATTRIBUTES_OID);
  const named = extension === undefined ? "" : (attributesIn(extension.value)[ROLE_ATTRIBUTE] ?? "");
  const names = new Set(named.split(",").map((name) => name.trim()));
  return ROLES.filter((role) => names.has(role));
}

function attributesIn(value: Uint8Array): Readonly<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value));
    const attributes = typeof parsed === "object" && parsed !== null && "attrs" in parsed ? parsed.attrs : undefined;
    if (typeof attributes !== "object" || attributes === null) return {};
    return Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return {};
    throw error;
  }
}
