import type { AuditFilter } from "../access/index.js";
import type { CallPick, LackingCall, ListedCall, ListedNote, PlatformDesk } from "../calls/index.js";

/** What of calls over other roads officers, and the platform, reach through the API. */
export interface OfficersCalls {
  readonly desk: Pick<PlatformDesk, "isPlatform" | "push" | "handOver">;
  /** Brings the index up to everything that is in the log by now. */
  catchUp(): Promise<void>;
  /** Newest first. */
  list(
    filter: Pick<AuditFilter, "dataset" | "provider" | "consumer" | "since" | "until">,
    pick: CallPick,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<ListedCall[]>;
  lacking(limit: number, after: readonly [string, string] | undefined): Promise<LackingCall[]>;
  /** Newest first. */
  notes(limit: number, code: string | undefined, before: number | undefined): Promise<ListedNote[]>;
}
