import type { Identity } from "@wanlian/protocol/identities/identity.js";
import type { Timestamp } from "@wanlian/protocol/messages/wellknown.js";
import { PeerError } from "../errors.js";
import type { ProposalView } from "./proposal.js";

/** How far a proposal's time may be from the peer's: Fabric's default for peer.authentication.timewindow. */
const TIME_WINDOW_MS = 15 * 60 * 1000;
const TIME_WINDOW_TEXT = "15m0s";

/*
 * What Fabric asks of a proposal in filters before its endorser (core/handlers/auth/filter). A refusal is an RPC error without an
 * answer, so that a gateway takes the peer for unreachable and tries the next (internal/pkg/gateway/apiutils.go).
 */

/** @throws PeerError ACCESS_DENIED when the proposal was not made about now. */
export function filterTime({ channelHeader }: ProposalView, now: Date): void {
  checkTime(channelHeader.timestamp, now);
}

/**
 * Asked only of a creator whose signature has been verified: what its certificate says must be read as the MSP reads it.
 * @throws PeerError ACCESS_DENIED when the creator's certificate has expired.
 */
export function filterExpiry({ expiresAt }: Pick<Identity, "expiresAt">, now: Date): void {
  if (now > expiresAt) throw new PeerError("ACCESS_DENIED", "proposal client identity expired");
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
