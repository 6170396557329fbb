/** What nodes and endorsers ask of the ledger's clock by their own, beside the rules (decision 052). */

/** Endorsers refuse a tick further off their own clock than this. */
export const MAX_CLOCK_OFFSET_SECONDS = 60;
/** Endorsers refuse every other act while the last tick is older than this by their own clock. */
export const MAX_CLOCK_AGE_SECONDS = 15 * 60;
