import type { Model } from "@wanlian/model/kernel/model.js";
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from "express";
import type { Logger } from "pino";
import { API_ROOT } from "../../api-document/index.js";
import { ApiError, type ErrorCode, type KeyError, type NodeServices } from "../../core/index.js";
import { type OfficerStore, Sessions } from "../../keys/officers/index.js";
import type { Db } from "../../read/index.js";
import { traced, traceNow } from "../../traces/index.js";
import { openApiDocument } from "../document.js";
import type { Answer, Operation } from "../operation.js";
import { type AskedOfDepartments, allOperations } from "../operations/all.js";
import { problemOf } from "../problem.js";
import { type Checks, checksOf } from "../validation.js";
import { expectCaller, expectShort, isStillComing, type Parts } from "./admission.js";
import { type FrontDoor, knownHostsOnly } from "./front-door.js";
import { preferredLanguage } from "./language.js";
import { pageRoutes } from "./page.js";
import { sameSiteOnly, securityHeaders } from "./security.js";
import { strictAddress, strictBody } from "./strict-request.js";

/** An act is 64 KiB at most; its command with JSON's spaces fits twice. */
const MAX_BODY_BYTES = 128 * 1024;
/** As nginx logs a caller who did not wait. */
const CLIENT_CLOSED_REQUEST = 499;
const IDEMPOTENCY_KEY = /^[!-~]{8,128}$/;

export interface ApiOptions extends AskedOfDepartments {
  readonly services: NodeServices;
  readonly db: Db;
  readonly officers: OfficerStore;
  readonly log: Logger;
  /** The wall clock, for sessions. */
  readonly now?: () => Date;
  /** Operations of other parts of the node, beside those of this folder. */
  readonly operations?: readonly Operation[];
  /** Folder of the built page, served beside the API; without it there is none. */
  readonly page?: string | undefined;
  /** Why the channel does not take an officer's certificate; undefined while it does. Without it, none is refused. */
  readonly refusal?: (certificate: { readonly officer: string; readonly pem: string }) => KeyError | undefined;
  readonly door?: FrontDoor;
  /** Told of every request to the API once it is answered. */
  readonly onAnswered?: (answered: AnsweredRequest) => void;
}

/** One request to the API that was answered; nothing of what it said. */
export interface AnsweredRequest {
  /** The operation's id in the OpenAPI document; `unknown` for what is none. */
  readonly operation: string;
  readonly status: number;
  readonly seconds: number;
}

/** The node's API under /api/v1 and its page, as an Express application; whoever calls it listens. */
export function createApi(options: ApiOptions): Express {
  const { services, officers, now = () => new Date(), page, log } = options;
  const sessions = new Sessions(officers, now, options.refusal);
  // What can be filed and shown follows the version of the model in force, from the moment that it is.
  const routers = new Map<Model, Router>();
  const routerNow = (): Router => {
    const model = services.model();
    const router = routers.get(model) ?? routerOf(model, sessions, options);
    routers.set(model, router);
    return router;
  };

  const app = express();
  // Express shows stacks to callers unless told that this is production.
  app.set("env", "production");
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  const { trustedProxies = [], hosts } = options.door ?? {};
  app.set("trust proxy", [...trustedProxies]);
  app.use(securityHeaders);
  if (hosts !== undefined) app.use(knownHostsOnly(hosts));
  app.use(API_ROOT, (request, response, next) => routerNow()(request, response, next));
  if (page !== undefined) app.use(pageRoutes(page));
  app.use(answerProblem(services, log));
  return app;
}

function routerOf(model: Model, sessions: Sessions, options: ApiOptions): Router {
  const { services, db, operations = [], log, door } = options;
  const all = [...allOperations(model, sessions, options), ...operations];
  let document: ReturnType<typeof openApiDocument> | undefined;

  const api = express.Router({ caseSensitive: true, strict: true });
  api.use(noteAnswers(options));
  api.use(sameSiteOnly);
  api.use(strictAddress);
  const parts = { services, db, sessions };
  api.get("/openapi.json", (_request, response) => {
    // The document's own members are OpenAPI's; others begin with x-.
    const { demo } = markDemo(services, response);
    document ??= openApiDocument(all, services.status().version);
    response.json(demo === undefined ? document : { ...document, "x-demo": demo });
  });
  for (const operation of all) {
    const checks = checksOf(operation);
    const limit = operation.maxBodyBytes ?? MAX_BODY_BYTES;
    api[operation.method](
      expressPath(operation.route),
      async (request: Request, response: Response, next: NextFunction) => {
        response.locals.operation = operation.id;
        try {
          // Nothing of a body is read for those who may not send one.
          const caller = expectCaller(operation, parts, request, response);
          if (caller !== undefined) door?.onKnown?.(request.socket);
          operation.admit?.((name) => request.get(name));
          expectShort(request, limit);
        } catch (error) {
          await traced("request", { of: operation.id }, async () => {
            response.locals.trace = traceNow();
            throw error;
          });
        }
        next();
      },
      express.raw({ limit, type: "application/json" }),
      strictBody,
      async (request: Request, response: Response) => {
        await traced("request", { of: operation.id }, async (note) => {
          response.locals.trace = traceNow();
          await serve(operation, checks, parts, request, response);
          note({ status: response.statusCode });
        });
      },
    );
  }
  const methods = methodsByPath(all);
  for (const [path, allowed] of methods) {
    api.all(path, (request, response) => {
      response.set("Allow", allowed.join(", "));
      throw new ApiError("METHOD_NOT_ALLOWED", `${request.method} is not one of ${allowed.join(", ")}.`);
    });
  }
  api.use((request) => {
    throw new ApiError("NO_SUCH_ROUTE", `There is nothing at ${API_ROOT}${request.path}.`);
  });
  api.use(answerProblem(services, log));
  return api;
}

/** A line in the log and a count for each request: who asked for what, and what came of it. Never what was said. */
function noteAnswers({ log, onAnswered }: ApiOptions): RequestHandler {
  return (_request, response, next) => {
    const began = performance.now();
    response.once("close", () => {
      const { operation = "unknown", officer, code, trace } = response.locals as Noted;
      // Whoever left before the answer has had none; nginx's word for it.
      const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
      const seconds = (performance.now() - began) / 1000;
      log.info({ operation, officer, status, code, trace, ms: Math.round(seconds * 1000) }, "request");
      onAnswered?.({ operation, status, seconds });
    });
    next();
  };
}

/** What is known of a request by the time that it is answered. */
interface Noted {
  readonly operation?: string;
  readonly officer?: string;
  readonly code?: ErrorCode;
  /** Id under which the collector has it, where traces are on. */
  readonly trace?: string;
}

async function serve(
  operation: Operation,
  checks: Checks,
  { services, db, sessions }: Parts & { readonly db: Db },
  request: Request,
  response: Response,
): Promise<void> {
  // A body takes its time: whoever was logged in before need not be by now.
  const caller = expectCaller(operation, { services, sessions }, request, response);
  if (operation.body !== undefined && !request.is("application/json")) {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", "The body has to be application/json.");
  }
  const gone = new AbortController();
  const leave = () => gone.abort();
  // Not AbortSignal.any: a session lasts for a day, and would keep something of each of its requests.
  const closed = caller === undefined ? undefined : sessions.closed(caller.token);
  closed?.addEventListener("abort", leave, { once: true });
  if (closed?.aborted) leave();
  response.once("close", () => {
    closed?.removeEventListener("abort", leave);
    leave();
  });
  const answer = await operation.handle({
    services,
    db,
    path: checks.path(request.params),
    query: checks.query(request.query),
    body: checks.body(request.body),
    language: preferredLanguage(request.get("Accept-Language")),
    caller,
    from: { address: request.ip ?? "unknown", scheme: request.secure ? "https" : "http" },
    idempotencyKey: operation.effect === "filing" ? idempotencyKey(request) : undefined,
    header: (name) => request.get(name),
    isStillLoggedIn: () => caller !== undefined && sessions.lasts(caller.token),
    signal: gone.signal,
  });
  await send(answer, operation.media, services, response);
}

async function send(
  answer: Answer,
  media: Operation["media"],
  services: NodeServices,
  response: Response,
): Promise<void> {
  const demo = markDemo(services, response);
  response.status(answer.status).set(answer.headers ?? {});
  if (answer.bytes !== undefined) {
    response.set("Content-Type", media).end(answer.bytes);
    return;
  }
  if (answer.stream === undefined) {
    if (answer.body === undefined) response.end();
    else response.json({ ...answer.body, ...demo });
    return;
  }
  response.set("Content-Type", `${media}; charset=utf-8`).flushHeaders();
  for await (const chunk of answer.stream) {
    if (response.destroyed) break;
    if (!response.write(chunk)) await new Promise<void>((resolve) => whenWritable(response, resolve));
  }
  response.end();
}

function whenWritable(response: Response, resolve: () => void): void {
  const done = () => {
    response.off("drain", done).off("close", done);
    resolve();
  };
  response.once("drain", done).once("close", done);
}

function idempotencyKey(request: Request): string {
  const key = request.get("Idempotency-Key");
  if (key === undefined)
    throw new ApiError("IDEMPOTENCY_KEY_MISSING", "Send the header Idempotency-Key, a new one for each filing.");
  if (!IDEMPOTENCY_KEY.test(key))
    throw new ApiError("BAD_REQUEST", "header/Idempotency-Key: 8 to 128 visible ASCII characters");
  return key;
}

/** A demo channel's time is not the world's: nothing leaves without saying so. */
function markDemo(services: NodeServices, response: Response): { demo?: true } {
  if (services.status().demo !== true) return {};
  response.set("Wanlian-Demo", "true");
  return { demo: true };
}

function answerProblem(services: NodeServices, log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error, preferredLanguage(request.get("Accept-Language")));
    response.locals.code = problem.code;
    // What a 503 says, the node's condition says; only what nobody foresaw is an error of the node's.
    if (problem.status === 500)
      log.error({ instance: problem.instance, code: problem.code, err: error }, "request failed");
    if (response.headersSent) return next(error);
    const demo = markDemo(services, response);
    const wait = problem.details?.retryAfterSeconds;
    if (typeof wait === "number") response.set("Retry-After", String(wait));
    if (isStillComing(request)) response.set("Connection", "close");
    response
      .status(problem.status)
      .vary("Accept-Language")
      .set("Content-Type", "application/problem+json; charset=utf-8")
      .send(JSON.stringify({ ...problem, ...demo }));
  };
}

/** OpenAPI's `{name}` as Express's `:name`. */
const expressPath = (route: string): string => route.replaceAll(/\{(\w+)\}/g, ":$1");

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { route, method } of operations) {
    const path = expressPath(route);
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  return methods;
}
