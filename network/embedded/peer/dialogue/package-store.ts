import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { PeerError } from "../errors.js";
import { type ChaincodePackage, parsePackage } from "./package.js";

/** Extension of a stored package; its name before it is the package id with a dot for the colon, as on a Fabric peer. */
const SUFFIX = ".tar.gz";

/** The chaincode packages installed on this peer, one file each. */
export class PackageStore {
  readonly #folder: string;
  readonly #packages = new Map<string, ChaincodePackage>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder and reads every package in it. */
  static async open(folder: string): Promise<PackageStore> {
    await mkdir(folder, { recursive: true });
    const store = new PackageStore(folder);
    for (const name of (await readdir(folder)).filter((one) => one.endsWith(SUFFIX)).sort()) {
      const found = await parsePackage(await readFile(join(folder, name)));
      if (fileName(found.packageId) !== name) {
        throw new PeerError(
          "CONFIGURATION",
          `${join(folder, name)} is not the package that its name says: it was altered`,
        );
      }
      store.#packages.set(found.packageId, found);
    }
    return store;
  }

  /** Keeps a package; durable when it resolves. @throws PeerError MALFORMED, or if it is there already. */
  async install(bytes: Uint8Array): Promise<ChaincodePackage> {
    const parsed = await parsePackage(bytes);
    if (this.#packages.has(parsed.packageId)) {
      throw new PeerError("MALFORMED", `chaincode already successfully installed (package ID '${parsed.packageId}')`);
    }
    const path = join(this.#folder, fileName(parsed.packageId));
    const file = await open(`${path}.part`, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    this.#packages.set(parsed.packageId, parsed);
    return parsed;
  }

  get(packageId: string): ChaincodePackage | undefined {
    return this.#packages.get(packageId);
  }

  all(): ChaincodePackage[] {
    return [...this.#packages.values()];
  }

  /** The package as it was installed. @throws PeerError NOT_FOUND. */
  async read(packageId: string): Promise<Uint8Array> {
    if (!this.#packages.has(packageId)) {
      throw new PeerError("NOT_FOUND", `chaincode install package '${packageId}' not found`);
    }
    return readFile(join(this.#folder, fileName(packageId)));
  }
}

const fileName = (packageId: string): string => `${packageId.replace(":", ".")}${SUFFIX}`;
