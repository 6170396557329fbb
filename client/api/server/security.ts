import type { NextFunction, Request, Response } from "express";
import { ApiError } from "../../core/index.js";

/** Nothing that the API sends is a page, is framed, sniffed, cached or read by other origins. */
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export const SESSION_COOKIE = "wanlian_session";

export function securityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set(HEADERS);
  next();
}

/**
 * A browser sends the cookie along with what another site makes it send. SameSite=Strict keeps it back; this refuses
 * what comes all the same: a changing request has to come from the page's own origin. Programs send no Origin.
 */
export function sameSiteOnly(request: Request, _response: Response, next: NextFunction): void {
  const site = request.get("Sec-Fetch-Site");
  const origin = request.get("Origin");
  const foreign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && hostOf(origin) !== request.get("Host"));
  if (foreign && !SAFE_METHODS.has(request.method))
    throw new ApiError("CROSS_SITE", "The request comes from a page of another origin.");
  next();
}

/** The session's token: a bearer token, else the cookie. */
export function tokenOf(request: Request): string | undefined {
  const bearer = /^Bearer ([A-Za-z0-9_-]{1,128})$/.exec(request.get("Authorization") ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  const cookies = (request.get("Cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
