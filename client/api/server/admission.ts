import type { Request, Response } from "express";
import { ApiError, type NodeServices } from "../../core/index.js";
import { type Sessions, sessionSigner } from "../../keys/officers/index.js";
import type { Caller, Operation } from "../operation.js";
import { DESK_HEADER, deskOf } from "../operations/filing/signing.js";
import { tokenOf } from "./security.js";

export interface Parts {
  readonly services: NodeServices;
  readonly sessions: Sessions;
}

/** Who asks; undefined for whom a public operation does not know. @throws ApiError NOT_LOGGED_IN; why a session ended */
export function expectCaller(
  { access }: Pick<Operation, "access">,
  { services, sessions }: Parts,
  request: Request,
  response: Response,
): Caller | undefined {
  const caller = callerOf(request, sessions, services);
  response.locals.officer = caller?.session.officer.officer;
  if (access === "officer" && caller === undefined) {
    response.set("WWW-Authenticate", "Bearer");
    const token = tokenOf(request);
    const why = token === undefined ? undefined : sessions.whyEnded(token);
    throw why ?? new ApiError("NOT_LOGGED_IN", "There is no session, or it has ended; a node's restart ends them too.");
  }
  return caller;
}

/** Express would read a body that is said to be too long to its end, and then refuse it. @throws ApiError BODY_TOO_LARGE */
export function expectShort(request: Request, limit: number): void {
  if (Number(request.get("Content-Length") ?? 0) > limit) {
    throw new ApiError("BODY_TOO_LARGE", `The body has at most ${limit} bytes.`);
  }
}

/** Whether there is more of the body to come. Whoever is answered before does not get to send it. */
export function isStillComing(request: Request): boolean {
  const { "transfer-encoding": encoding, "content-length": length } = request.headers;
  return !request.complete && (encoding !== undefined || Number(length ?? 0) > 0);
}

function callerOf(request: Request, sessions: Sessions, services: NodeServices): Caller | undefined {
  const token = tokenOf(request);
  const session = token === undefined ? undefined : sessions.find(token);
  if (token === undefined || session === undefined) return undefined;
  const desk = request.get(DESK_HEADER);
  const name = desk === undefined ? undefined : deskOf(token, desk);
  return { token, session, signer: sessionSigner(session, services.department, sessions.desks, name) };
}
