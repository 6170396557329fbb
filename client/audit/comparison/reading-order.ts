/** How far a log was gone through, as others are. */
export interface Reached {
  /** Of the ledger, of the last record that was taken; empty before the first. */
  readonly time: string;
  /** Entries that were taken since one of that time was met. */
  readonly sinceTime: number;
}

/**
 * The log to be read on: both copies of a record then come close together, and the second needs no second look. Of logs
 * that are at one time of the ledger, of which a busy one has any number of records, each in turn.
 */
export function furthestBehind<Log extends Reached>(logs: readonly Log[]): Log | undefined {
  return logs.reduce<Log | undefined>(
    (least, log) => (least === undefined || isBehind(log, least) ? log : least),
    undefined,
  );
}

function isBehind(log: Reached, other: Reached): boolean {
  return log.time < other.time || (log.time === other.time && log.sinceTime < other.sinceTime);
}
