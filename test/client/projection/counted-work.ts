import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from "kysely";

/** Counts what the fold asks of the database, and keeps each question once. */
export class CountedWork implements KyselyPlugin {
  statements = 0;
  rows = 0;
  readonly nodes: RootOperationNode[] = [];

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    this.statements += 1;
    this.nodes.push(node);
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    this.rows += result.rows.length;
    return result;
  }

  /** Since it was last asked. */
  take(): { readonly statements: number; readonly rows: number } {
    const { statements, rows } = this;
    this.statements = 0;
    this.rows = 0;
    return { statements, rows };
  }
}
