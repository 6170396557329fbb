import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL server of a test's own, reached through a socket in its folder. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const DEBIAN = "/usr/lib/postgresql";
/** The server refuses to run as root; `nobody` has this number on Debian and its like. */
const NOBODY = 65534;

/** The folder of the server's programs, or undefined where it is not installed: such tests are skipped then. */
export function postgresPrograms(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
  const path = (process.env.PATH ?? "").split(":");
  return [...debian, ...path].find((folder) => existsSync(join(folder, "initdb")));
}

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "wanlian-postgres-"));
  const data = join(folder, "data");
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ("uid" in owner) chownSync(folder, NOBODY, NOBODY);
  // A collation by language, as servers usually have it: what we read must not depend on it.
  const initdb = ["--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", data];
  execFileSync(join(programs, "initdb"), initdb, { ...owner, cwd: folder, stdio: "pipe" });
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`, "-c", "fsync=off"],
    { ...owner, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
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
