import { X509Certificate } from "node:crypto";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import type { Timestamp } from "@wanlian/protocol/messages/wellknown.js";
import { PeerError } from "../errors.js";
import type { ProposalView } from "./proposal.js";

/** How far a proposal's time may be from the peer's: Fabric's default for peer.authentication.timewindow. */
const TIME_WINDOW_MS = 15 * 60 * 1000;
const TIME_WINDOW_TEXT = "15m0s";

/**
 * What a proposal meets before the endorser sees it. A refusal here is an RPC error without an answer, so that a gateway takes the peer
 * for unreachable; that is Fabric's own order of things (fabric-protocol §4.1).
 * @throws PeerError ACCESS_DENIED
 */
export function filterProposal(proposal: ProposalView, now: Date): void {
  checkExpiry(proposal.creator, now);
  checkTime(proposal.channelHeader.timestamp, now);
}

function checkExpiry(creator: Uint8Array, now: Date): void {
  const expiry = expiryOf(creator);
  if (expiry !== undefined && now > expiry) throw new PeerError("ACCESS_DENIED", "proposal client identity expired");
}

const expiries = new Map<string, Date | undefined>();
/** Certificates remembered; there are as many as there are officers and nodes. */
const MAX_REMEMBERED = 10_000;

/** When a creator's certificate ends; undefined where there is none to read: then the signature check refuses it. */
function expiryOf(creator: Uint8Array): Date | undefined {
  const key = Buffer.from(creator).toString("latin1");
  if (expiries.has(key)) return expiries.get(key);
  if (expiries.size >= MAX_REMEMBERED) expiries.clear();
  const expiry = readExpiry(creator);
  expiries.set(key, expiry);
  return expiry;
}

function readExpiry(creator: Uint8Array): Date | undefined {
  try {
    return new Date(new X509Certificate(SerializedIdentity.decode(creator).idBytes).validTo);
  } catch {
    // Not a certificate: nothing that could have expired.
    return undefined;
  }
}

function checkTime(timestamp: Timestamp | undefined, now: Date): void {
  const seconds = timestamp?.seconds ?? 0n;
  const claimed = Number(seconds) * 1000 + (timestamp?.nanos ?? 0) / 1e6;
  if (Math.abs(claimed - now.getTime()) <= TIME_WINDOW_MS) return;
  const text = `incorrect timestamp ${rfc3339(claimed)}, peer time ${rfc3339(now.getTime())}`;
  throw new PeerError(
    "ACCESS_DENIED",
    `request unauthorized due to ${text}, peer.authentication.timewindow ${TIME_WINDOW_TEXT}`,
  );
}

/** The furthest instant that a JavaScript date can hold. */
const MAX_TIME_MS = 8.64e15;

function rfc3339(milliseconds: number): string {
  const bounded = Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, milliseconds));
  return `${new Date(bounded).toISOString().slice(0, -5)}Z`;
}
