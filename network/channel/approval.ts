import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { part } from "./changes.js";
import type { Change } from "./inspection.js";

/** Whose administrators have to sign: `needed` of `organisations`. */
export interface Approval {
  readonly needed: number;
  readonly organisations: readonly string[];
}

/**
 * The approvals that these changes need, under the rule that all groups of our channels have: the administrators of the group
 * that something stands in, a majority of them where the group has members.
 */
export function approvalsFor(current: ConfigGroup, changes: readonly Change[]): Approval[] {
  const groups = new Set(changes.map(({ path }) => path));
  return [...groups].flatMap((path) => approvalsOf(current, path));
}

function approvalsOf(current: ConfigGroup, path: string): Approval[] {
  const [, , side, organisation] = path.split("/");
  if (organisation) return [{ needed: 1, organisations: [organisation] }];
  if (side === "Application" || side === "Orderer") {
    const organisations = [...part(current, side).groups.keys()];
    return [{ needed: Math.floor(organisations.length / 2) + 1, organisations }];
  }
  // The channel itself: a majority of its two sides is both.
  return [...approvalsOf(current, "/Channel/Application"), ...approvalsOf(current, "/Channel/Orderer")];
}

/** What is still missing when `signers` have signed. */
export function missingApprovals(approvals: readonly Approval[], signers: readonly string[]): Approval[] {
  return approvals.flatMap(({ needed, organisations }) => {
    const open = organisations.filter((organisation) => !signers.includes(organisation));
    const still = needed - (organisations.length - open.length);
    return still > 0 ? [{ needed: still, organisations: open }] : [];
  });
}
