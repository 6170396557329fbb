import type { NextFunction, Request, Response } from "express";
import { ApiError, JsonFault, parseStrictJson } from "../../core/index.js";

/**
 * The address in UTF-8, without NUL: a broken percent sign, or bytes of another encoding, would become another text, which one
 * database refuses and another takes for all.
 * @throws ApiError BAD_REQUEST
 */
export function strictAddress(request: Request, _response: Response, next: NextFunction): void {
  let address: string;
  try {
    address = decodeURIComponent(request.originalUrl);
  } catch (cause) {
    throw new ApiError("BAD_REQUEST", "The address is not UTF-8, or a percent sign in it stands alone.", { cause });
  }
  if (address.includes("\0")) throw new ApiError("BAD_REQUEST", "The address holds NUL.");
  next();
}

/** The body as JSON of which nothing is lost, where there is one. @throws ApiError BAD_REQUEST */
export function strictBody(request: Request, _response: Response, next: NextFunction): void {
  if (Buffer.isBuffer(request.body)) {
    try {
      request.body = request.body.length === 0 ? undefined : parseStrictJson(request.body);
    } catch (cause) {
      if (!(cause instanceof JsonFault)) throw cause;
      throw new ApiError("BAD_REQUEST", `The body is not JSON: ${cause.message}.`, { cause });
    }
  }
  next();
}
