import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import express, { type NextFunction, type Request, type Response, type Router } from "express";

/** Every file of the built page by its path from the origin, as it is sent. */
interface PageFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Brotli, made in the build; undefined where it saves nothing. */
  readonly packed: Buffer | undefined;
}

/** What a page is made of, and nothing else. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

const PACKED = ".br";
const NONCE_PLACE = "NONCE-OF-THIS-RESPONSE";
const NONCE_BYTES = 16;
const INDEX = "/index.html";

/** One file that opens other windows, and has a policy of its own within it, but for what only a header can say. */
const SIGNING = "/signing.html";
const OF_SIGNING = {
  "Content-Security-Policy": "frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
} as const;

/** The one place whose window may know who opened it: a signing page, which holds the officer's key (decision 300). */
const OPENED = "/signed-elsewhere";

/** Names with their content's digest in them never change. */
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * The page's own policy (decision 160). Scripts come from this origin alone; styles that Ant Design makes while it runs
 * carry the nonce of the very response that brought the page. Nothing frames it, nothing is sent elsewhere.
 */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
  ].join("; ");
}

/**
 * The built page, from memory. Addresses below the origin that are no file are places in the page: they get its one
 * document, so that a bookmark works; whatever has an extension and is no file is not found.
 * @param folder what `npm run build` made
 * @throws Error where there is no page in it
 */
export function pageRoutes(folder: string): Router {
  const files = readPage(folder);
  const index = files.get(INDEX);
  if (index === undefined) throw new Error(`${folder} holds no page`);
  const document = index.plain.toString("utf8");
  const routes = express.Router({ caseSensitive: true, strict: true });
  routes.get("/{*place}", (request: Request, response: Response, next: NextFunction) => {
    const file = request.path === INDEX ? undefined : files.get(request.path);
    if (request.path === SIGNING) response.set(OF_SIGNING);
    if (file !== undefined) return sendFile(file, request, response);
    if (extname(request.path) !== "" && request.path !== INDEX) return next();
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    if (request.path === OPENED) response.set("Cross-Origin-Opener-Policy", "unsafe-none");
    response
      .set({ "Content-Security-Policy": policy(nonce), "Cache-Control": "no-store", "Content-Type": index.type })
      .send(document.replaceAll(NONCE_PLACE, nonce));
  });
  return routes;
}

function sendFile(file: PageFile, request: Request, response: Response): void {
  const isNamedByContent = request.path.startsWith("/assets/");
  response.set({ "Content-Type": file.type, "Cache-Control": isNamedByContent ? FOR_EVER : "no-cache" });
  response.vary("Accept-Encoding");
  if (file.packed === undefined || !request.acceptsEncodings("br")) {
    response.end(file.plain);
    return;
  }
  response.set("Content-Encoding", "br").end(file.packed);
}

function readPage(folder: string): Map<string, PageFile> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const present = new Set(paths);
  const files = new Map<string, PageFile>();
  for (const path of paths) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const packed = present.has(path + PACKED) ? readFileSync(path + PACKED) : undefined;
    files.set(`/${relative(folder, path).split(sep).join("/")}`, { type, plain: readFileSync(path), packed });
  }
  return files;
}
