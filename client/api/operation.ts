import type { Language, Words } from "@wanlian/protocol/language.js";
import type { Static, TObject, TSchema } from "typebox";
import type { NodeServices, Signer } from "../core/index.js";
import type { Session } from "../keys/officers/index.js";
import type { Db } from "../read/index.js";

/** Who may call: anybody who reaches the node, or an officer who is logged in. */
export type Access = "public" | "officer";

/**
 * What an operation changes: a `filing` goes on the ledger and needs an idempotency key, an `access` goes to other
 * departments' nodes and into the logs, a `mark` stays at the node.
 */
export type Effect = "none" | "filing" | "access" | "mark" | "session";

/** What a handler is given once everything was checked against the operation's schemas. */
export interface Request<Path = unknown, Query = unknown, Body = unknown> {
  readonly services: NodeServices;
  /** What the fold made of the ledger, and the node's own tables. */
  readonly db: Db;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly language: Language;
  /** Absent on public operations without a valid token. */
  readonly caller: Caller | undefined;
  readonly from: Origin;
  /** Present on filings. */
  readonly idempotencyKey: string | undefined;
  /** The header of this name, for the few that an operation reads itself. */
  header(name: string): string | undefined;
  /** Whether the caller is still logged in, for answers that go on for long. */
  isStillLoggedIn(): boolean;
  /** Aborted when the caller has gone, or logged out. */
  readonly signal: AbortSignal;
}

/** Where a request came from, as the front door tells: the connection, or a proxy that the configuration trusts. */
export interface Origin {
  /** The caller's network address. */
  readonly address: string;
  readonly scheme: "http" | "https";
}

export interface Caller {
  readonly session: Session;
  readonly token: string;
  readonly signer: Signer;
}

/** A JSON object, or a stream that writes itself. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Instead of a body: text of the operation's media type. If it throws, the connection breaks. */
  readonly stream?: AsyncIterable<string>;
  /** Instead of a body: a whole file of the operation's media type. */
  readonly bytes?: Uint8Array;
}

/** One route of the API: its description in the OpenAPI document and what it does are one value. */
export interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly method: "get" | "post" | "delete";
  /** OpenAPI's form, below /api/v1: `/objections/{case}/accept`. */
  readonly route: string;
  readonly summary: Words;
  readonly access: Access;
  readonly effect: Effect;
  readonly path: TObject | undefined;
  readonly query: TObject | undefined;
  readonly body: TSchema | undefined;
  /** Where a body may have more than an act takes. */
  readonly maxBodyBytes?: number;
  /** Throws where who asks, without a session, is nobody to ask: before anything of the body is read. */
  readonly admit?: (header: Request["header"]) => void;
  readonly answers: Readonly<Record<number, TSchema>>;
  readonly media:
    | "application/json"
    | "text/event-stream"
    | "text/csv"
    | "application/x-ndjson"
    | "application/ld+json"
    | "application/prov+json"
    | "text/provenance-notation"
    | "application/pdf";
  handle(request: Request): Promise<Answer>;
}

type Member<S, Else> = S extends TSchema ? Static<S> : Else;

interface Draft<P extends TObject | undefined, Q extends TObject | undefined, B extends TSchema | undefined>
  extends Pick<Operation, "id" | "tag" | "method" | "route" | "summary" | "answers"> {
  readonly access?: Access;
  readonly effect?: Effect;
  readonly path?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly maxBodyBytes?: number;
  readonly admit?: Operation["admit"];
  readonly media?: Operation["media"];
  handle(
    request: Request<Member<P, Record<never, never>>, Member<Q, Record<never, never>>, Member<B, undefined>>,
  ): Promise<Answer>;
}

/**
 * Makes an operation, its handler typed by its schemas. The server checks every request against them before the
 * handler sees it, which is what makes the wider type of the result safe.
 */
export function operation<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(draft: Draft<P, Q, B>): Operation {
  const complete = {
    access: "officer" as const,
    effect: "none" as const,
    path: undefined,
    query: undefined,
    body: undefined,
    media: "application/json" as const,
    ...draft,
  };
  return complete as Operation;
}
