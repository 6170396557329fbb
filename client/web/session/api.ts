import createClient from "openapi-fetch";
import { currentLanguage } from "../app/language.ts";
import type { components, paths } from "../generated/api.ts";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type CaseSummary = Schemas["CaseSummary"];
export type CaseDetail = Schemas["CaseDetail"];
export type FoldedAct = Schemas["FoldedAct"];
export type Deadline = Schemas["Deadline"];
export type Submission = Schemas["Submission"];

export const API_ROOT = "/api/v1";

/** A refusal as the node words it, or that the node could not be reached. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Told whenever an answer says that nobody is logged in (any more). */
const endings = new Set<() => void>();

export function onSessionEnd(ended: () => void): () => void {
  endings.add(ended);
  return () => endings.delete(ended);
}

/** The node's API, typed by its own document. */
export const api = createClient<paths>({ baseUrl: API_ROOT, fetch: fetchInLanguage });

async function fetchInLanguage(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", currentLanguage());
  try {
    return await fetch(request);
  } catch (cause) {
    // Whoever gave it up knows.
    request.signal.throwIfAborted();
    throw new Refusal("NODE_UNREACHABLE", "", String(cause));
  }
}

/** The data of an answer. @throws Refusal */
export async function answered<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error } = await answer;
  if (data === undefined) throw refusalOf(error);
  return data;
}

/** An answer that is a file of its own: without what a demo channel's node says of every answer, which is no part of it. */
export async function callForFile(...asked: Parameters<typeof callRoute>): Promise<unknown> {
  const { demo: _demo, ...content } = Object(await callRoute<unknown>(...asked)) as { readonly demo?: unknown };
  return content;
}

/** A route that comes from the tables: its address is known only while the page runs. @throws Refusal */
export async function callRoute<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const request = new Request(API_ROOT + path, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await fetchInLanguage(request);
  const answer: unknown = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw refusalOf(answer);
  return answer as T;
}

/** An answer that is read as it comes. @throws Refusal */
export async function postForStream(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetchInLanguage(
    new Request(API_ROOT + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  if (!response.ok) throw refusalOf(await response.json());
  return response;
}

/** A file as the node writes it. @throws Refusal */
export async function fetchSheet(path: string): Promise<Blob> {
  const response = await fetchInLanguage(new Request(API_ROOT + path));
  if (!response.ok) throw refusalOf(await response.json());
  return await response.blob();
}

function refusalOf(problem: unknown): Refusal {
  const { code, title, detail, details } = (problem ?? {}) as Partial<Problem>;
  if (code === "NOT_LOGGED_IN") for (const ended of endings) ended();
  return new Refusal(code ?? "FAULT", title ?? "", detail ?? "", details ?? {});
}
