import { setImmediate as turn } from "node:timers/promises";
import type { KyselyPlugin, PluginTransformResultArgs, QueryResult, UnknownRow } from "kysely";

/** Long enough that turns cost nothing, short enough that nobody waits for an answer. */
const MOST_AT_A_STRETCH_MS = 25;

/**
 * Embedded SQL runs in this thread: one block with ten thousand keys would keep the node from answering anybody for
 * seconds. So now and then a statement gives its turn away; its SQL transaction stays its own, as on PostgreSQL.
 */
export class GivesWay implements KyselyPlugin {
  #since = performance.now();

  transformQuery: KyselyPlugin["transformQuery"] = ({ node }) => node;

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    if (performance.now() - this.#since > MOST_AT_A_STRETCH_MS) {
      await turn();
      this.#since = performance.now();
    }
    return result;
  }
}
