import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Words } from "@wanlian/protocol/language.js";
import type { Command } from "commander";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

/** Nothing of a page is larger; what is, is none of it. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const DOCUMENT = "index.html";
/** What the build writes where a node puts the nonce of the response. */
const NONCE_PLACE = "NONCE-OF-THIS-RESPONSE";
/** As it comes, and as browsers ask for it: the two are files of their own at the node. */
const ENCODINGS = ["identity", "br"] as const;

interface Listed {
  readonly digest: string;
  readonly path: string;
}

/** What a node's page differs in from the build. */
interface Difference {
  readonly path: string;
  readonly found: string;
}

/** `page check`: whether a node serves the page that this build made, file by file. */
export function pageCommand(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const page = program.command("page").description(t({ zh: "节点的页面", en: "a node's page" }));
  page
    .command("check")
    .description(
      t({
        zh: "逐一比较节点提供的页面文件与本构建的摘要；不需登录。退出码：0一致，1不一致",
        en: "compare what a node serves as its page with this build's digests, file by file; no log-in. Exit code: 0 the same, 1 not",
      }),
    )
    .option(
      "--digests <file>",
      t({ zh: "摘要文件；默认取本构建的", en: "digests to compare with; default: this build's" }),
    )
    .action(async ({ digests }: { readonly digests?: string }) => {
      const listed = await readDigests(digests ?? fileURLToPath(import.meta.resolve("@wanlian/web/page/digests.txt")));
      const differences = await differencesOf(context.nodeUrl, listed);
      const same: Words = {
        zh: `${listed.length}个文件均与摘要一致`,
        en: `all ${listed.length} files are what the digests say`,
      };
      context.showValue({ files: listed.length, differences }, () =>
        differences.length === 0
          ? `${context.t(same)}\n`
          : differences.map(({ path, found }) => `${path}  ${found}\n`).join(""),
      );
      if (differences.length > 0)
        throw new CliError("FOUND", {
          zh: `节点的页面有${differences.length}个文件与摘要不一致；请勿在该页面使用密钥，并报本部门管理员`,
          en: `${differences.length} files of the node's page are not what the digests say; use no key on that page, and tell your administrator`,
        });
    });
}

/** Lines as `sha256sum` writes them. @throws CliError USAGE */
async function readDigests(file: string): Promise<Listed[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, digest, path] = /^([0-9a-f]{64}) {2}([\w./-]+)$/.exec(line) ?? [];
    if (digest === undefined || path === undefined)
      throw new CliError("USAGE", { zh: `${file} 不是摘要文件`, en: `${file} is no list of digests` });
    return { digest, path };
  });
}

async function differencesOf(nodeUrl: string, listed: readonly Listed[]): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { path, digest } of listed) {
    for (const encoding of ENCODINGS) {
      const found = await served(nodeUrl, path, encoding);
      if (found === digest) continue;
      differences.push({ path, found });
      break;
    }
  }
  return differences;
}

/** The digest of what the node serves, or the status with which it serves nothing. */
async function served(nodeUrl: string, path: string, encoding: string): Promise<string> {
  const address = path === DOCUMENT ? `${nodeUrl}/` : `${nodeUrl}/${path}`;
  const headers = { "Accept-Encoding": encoding };
  const answer = await fetch(address, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw new CliError(
        "UNREACHABLE",
        { zh: `${nodeUrl} 没有节点应答`, en: `no node answers at ${nodeUrl}` },
        { cause },
      );
    },
  );
  if (answer.status !== 200) return `HTTP ${answer.status}`;
  const content = await atMost(MAX_FILE_BYTES, answer);
  if (content === undefined) return `> ${MAX_FILE_BYTES} B`;
  const plain = path === DOCUMENT ? withoutNonce(content, answer.headers) : content;
  return createHash("sha256").update(plain).digest("hex");
}

/** What came, or undefined where it is more than that. */
async function atMost(limit: number, { body }: Response): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > limit) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The document as the build made it: in place of the response's own nonce its place. */
function withoutNonce(content: Buffer, headers: Headers): Buffer {
  const [, nonce] = /'nonce-([A-Za-z0-9+/=]{16,64})'/.exec(headers.get("content-security-policy") ?? "") ?? [];
  return nonce === undefined ? content : Buffer.from(content.toString("utf8").replaceAll(nonce, NONCE_PLACE));
}
