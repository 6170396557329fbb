import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A MariaDB server of a test's own, reached through a socket in its folder. */
export interface MariadbServer {
  /** Of its database `registers`, as a user that may do everything. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A server's programs. */
export interface MariadbPrograms {
  readonly server: string;
  readonly install: string;
}

/** `nobody` has this number on Debian and its like; the server runs as somebody other than root. */
const NOBODY = 65534;
const OWNER: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** The machine's own; undefined where there is none: such tests are skipped then. */
export function mariadbPrograms(): MariadbPrograms | undefined {
  const folders = ["/usr/sbin", "/usr/bin", ...(process.env.PATH ?? "").split(":")];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [server, install] = [find("mariadbd"), find("mariadb-install-db")];
  return server === undefined || install === undefined ? undefined : { server, install };
}

export async function startMariadb({ server, install }: MariadbPrograms): Promise<MariadbServer> {
  const folder = mkdtempSync(join(tmpdir(), "wanlian-mariadb-"));
  if (OWNER.uid !== undefined) chownSync(folder, OWNER.uid, OWNER.gid ?? OWNER.uid);
  const data = join(folder, "data");
  const socket = join(folder, "socket");
  const options = { ...OWNER, cwd: folder } as const;
  const made = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"];
  execFileSync(install, [...made, "--innodb-log-file-size=4M"], { ...options, stdio: "pipe" });
  const running = spawn(
    server,
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, "pid")}`,
      "--skip-networking",
      "--innodb-log-file-size=4M",
      "--innodb-flush-log-at-trx-commit=0",
      // What we read must not depend on it.
      "--character-set-server=latin1",
    ],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  for await (const line of running.stderr) if (String(line).includes("ready for connections")) break;
  running.stderr.resume();
  return {
    url: `mariadb://root@localhost/?socketPath=${encodeURIComponent(socket)}`,
    async stop() {
      running.kill("SIGTERM");
      await once(running, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
