import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { OfficerStore } from "../../keys/officers/index.js";
import type { Context } from "../context.js";
import { readPassphrase } from "../passphrase.js";

interface KeyOptions {
  readonly officers: string;
  readonly passphraseFile?: string;
  readonly filePassphraseFile?: string;
  readonly newPassphraseFile?: string;
  readonly out?: string;
}

/** Work on a node's own officer store, at the machine where it lies; no node need run. */
export function keyCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const key = program
    .command("key")
    .description(t({ zh: "经办人密钥（在节点所在机器上使用）", en: "officers' keys, at the node's own machine" }));
  const add = (name: string, description: string) =>
    key
      .command(name)
      .description(description)
      .requiredOption("--officers <directory>", t({ zh: "节点的经办人目录", en: "the node's folder of officers" }))
      .option("--passphrase-file <path>", t({ zh: "从文件读取密钥口令", en: "the key's passphrase from a file" }));
  const passphrase = ({ passphraseFile }: KeyOptions) =>
    readPassphrase(context.surroundings, t({ zh: "密钥口令：", en: "Passphrase of the key: " }), passphraseFile);
  const filePassphrase = ({ filePassphraseFile }: KeyOptions) =>
    readPassphrase(
      context.surroundings,
      t({ zh: "PKCS#12 文件口令：", en: "Passphrase of the PKCS#12 file: " }),
      filePassphraseFile,
      "WANLIAN_FILE_PASSPHRASE",
    );
  const done = (officer: string) => context.showValue({ officer }, () => `${officer}\n`);

  add("list", t({ zh: "已登记的经办人", en: "who is enrolled" })).action(async ({ officers }: KeyOptions) => {
    const store = await storeAt(officers);
    const enrolled = await Promise.all((await store.list()).map((officer) => store.certificate(officer)));
    const shown = enrolled.map(({ officer, roles, notAfter }) => ({
      officer,
      roles,
      notAfter: notAfter.toISOString(),
    }));
    context.showValue(shown, () =>
      shown.map(({ officer, roles, notAfter }) => `${officer}  ${roles.join(",")}  ${notAfter}\n`).join(""),
    );
  });
  add("request <officer>", t({ zh: "生成密钥和证书请求", en: "make a key, and the request for its certificate" }))
    .requiredOption("--out <path>", t({ zh: "证书请求写入此文件", en: "write the request here" }))
    .action(async (officer: string, options: KeyOptions & { out: string }) => {
      const request = await (await storeAt(options.officers)).request(officer, await passphrase(options));
      await writeFile(options.out, request);
      done(officer);
    });
  add(
    "install <certificate>",
    t({ zh: "装入签发的证书", en: "take in the certificate that answers the request" }),
  ).action(async (certificate: string, options: KeyOptions) => {
    const pem = await readFile(certificate, "utf8");
    done(await (await storeAt(options.officers)).install(pem, await passphrase(options)));
  });
  add("import <file>", t({ zh: "导入 PKCS#12 文件", en: "take in a PKCS#12 file" }))
    .option(
      "--file-passphrase-file <path>",
      t({ zh: "从文件读取 PKCS#12 口令", en: "the PKCS#12 file's passphrase from a file" }),
    )
    .action(async (file: string, options: KeyOptions) => {
      const content = await readFile(file);
      const opening = await filePassphrase(options);
      done(await (await storeAt(options.officers)).importPkcs12(content, opening, await passphrase(options)));
    });
  add("export <officer>", t({ zh: "导出为 PKCS#12 文件", en: "write a PKCS#12 file" }))
    .requiredOption("--out <path>", t({ zh: "写入此文件", en: "write it here" }))
    .option(
      "--file-passphrase-file <path>",
      t({ zh: "从文件读取 PKCS#12 口令", en: "the PKCS#12 file's passphrase from a file" }),
    )
    .option(
      "--authorities <path>",
      t({
        zh: "部门证书机构的证书（PEM，可多张）；证书链一并写入",
        en: "certificates of the department's authorities, PEM: the chain is written too",
      }),
    )
    .action(async (officer: string, options: KeyOptions & { out: string; authorities?: string }) => {
      const store = await storeAt(options.officers);
      const own = await passphrase(options);
      const authorities = options.authorities === undefined ? [] : pemsIn(await readFile(options.authorities, "utf8"));
      const file = await store.exportPkcs12(officer, own, await filePassphrase(options), {
        now: new Date(),
        authorities,
      });
      await writeFile(options.out, file, { mode: 0o600 });
      done(officer);
    });
  add("passphrase <officer>", t({ zh: "更改口令", en: "change the passphrase" }))
    .option("--new-passphrase-file <path>", t({ zh: "从文件读取新口令", en: "the new passphrase from a file" }))
    .action(async (officer: string, options: KeyOptions) => {
      const from = await passphrase(options);
      const prompt = t({ zh: "新口令：", en: "New passphrase: " });
      const to = await readPassphrase(
        context.surroundings,
        prompt,
        options.newPassphraseFile,
        "WANLIAN_NEW_PASSPHRASE",
      );
      await (await storeAt(options.officers)).changePassphrase(officer, from, to, new Date());
      done(officer);
    });
}

/** The certificates of a file, one after the other. */
const pemsIn = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

/** Loaded for these commands alone: the others need none of it. */
async function storeAt(directory: string): Promise<OfficerStore> {
  const { OfficerStore } = await import("../../keys/officers/index.js");
  return new OfficerStore(directory);
}
