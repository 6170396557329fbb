import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";

export const PASSPHRASE = "三月的河水 runs deep";

/** A department's authority and its node's officer store, in a folder of their own. */
export interface World {
  directory: string;
  organisation: Organisation;
  store: OfficerStore;
  /** Makes a key in the store and has the authority certify it. */
  enrol(officer: string, roles: Parameters<Organisation["addOfficer"]>[1], passphrase?: string): Promise<void>;
  /** The same, with a key file that opens at once: where keys are not what is tried. */
  enrolLightly(officer: string, roles: Parameters<Organisation["addOfficer"]>[1], passphrase?: string): Promise<void>;
  remove(): Promise<void>;
}

export async function officerWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "officers-"));
  const organisation = await Organisation.create(join(directory, "authority"), "CivilAffairsMSP", "Civil affairs");
  const store = new OfficerStore(join(directory, "officers"));
  return {
    directory,
    organisation,
    store,
    enrol: async (officer, roles, passphrase = PASSPHRASE) => {
      const request = await store.request(officer, passphrase);
      await store.install(await organisation.addOfficer(officer, roles, request), passphrase);
    },
    enrolLightly: async (officer, roles, passphrase = PASSPHRASE) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const certificate = await organisation.addOfficer(officer, roles, certificateRequest(officer, privateKey));
      const folder = join(directory, "officers", officer);
      await mkdir(folder, { recursive: true });
      // node:crypto's own encryption has OpenSSL's few rounds.
      const key = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
      await writeFile(join(folder, "key.pem"), key);
      await writeFile(join(folder, "certificate.pem"), certificate);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
