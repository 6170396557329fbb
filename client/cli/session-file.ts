import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Tokens by node address, for the owner's eyes only; a token ends with its session. */
type Tokens = Record<string, string>;

/** Where `wanlian login` keeps its token between commands: WANLIAN_SESSION, else the user's configuration folder. */
export class SessionFile {
  readonly #path: string;

  constructor(environment: NodeJS.ProcessEnv) {
    const folder = environment.XDG_CONFIG_HOME ?? join(homedir(), ".config");
    this.#path = environment.WANLIAN_SESSION ?? join(folder, "wanlian", "session.json");
  }

  async token(node: string): Promise<string | undefined> {
    return (await this.#read())[node];
  }

  async keep(node: string, token: string): Promise<void> {
    await this.#write({ ...(await this.#read()), [node]: token });
  }

  async forget(node: string): Promise<void> {
    const { [node]: _forgotten, ...others } = await this.#read();
    await this.#write(others);
  }

  async #read(): Promise<Tokens> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#path, "utf8"));
      return typeof value === "object" && value !== null ? (value as Tokens) : {};
    } catch (error) {
      // A file that is not there or not whole holds no session.
      if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT"))
        return {};
      throw error;
    }
  }

  async #write(tokens: Tokens): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const aside = `${this.#path}.${process.pid}`;
    await writeFile(aside, JSON.stringify(tokens), { mode: 0o600 });
    await rename(aside, this.#path);
  }
}
