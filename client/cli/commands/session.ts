import type { Command } from "commander";
import type { Context } from "../context.js";
import type { Json } from "../json.js";
import { readPassphrase } from "../passphrase.js";

export function sessionCommands(program: Command, context: Context): void {
  program
    .command("login <officer>")
    .description(context.t({ zh: "登录：口令打开本人密钥", en: "log in: the passphrase opens one's own key" }))
    .option("--passphrase-file <path>", context.t({ zh: "从文件读取口令", en: "read the passphrase from a file" }))
    .action(async (officer: string, { passphraseFile }: { passphraseFile?: string }) => {
      const prompt = context.t({ zh: `${officer} 的口令：`, en: `Passphrase of ${officer}: ` });
      const passphrase = await readPassphrase(context.surroundings, prompt, passphraseFile);
      const answer = await (await context.client()).post("/sessions", { officer, passphrase });
      await context.sessions.keep(context.nodeUrl, answer.at("token").text);
      show(context, answer);
    });
  program
    .command("logout")
    .description(context.t({ zh: "退出登录", en: "log out" }))
    .action(async () => {
      const client = await context.client();
      await context.sessions.forget(context.nodeUrl);
      const answer = await client.delete("/sessions/current");
      context.show(answer, () => `${context.t({ zh: "已退出", en: "logged out" })}\n`);
    });
  program
    .command("passphrase")
    .description(context.t({ zh: "更改本人口令", en: "change one's own passphrase" }))
    .option("--passphrase-file <path>", context.t({ zh: "从文件读取现口令", en: "read the present one from a file" }))
    .option("--new-passphrase-file <path>", context.t({ zh: "从文件读取新口令", en: "read the new one from a file" }))
    .action(async ({ passphraseFile, newPassphraseFile }: Record<string, string | undefined>) => {
      const { surroundings } = context;
      const present = context.t({ zh: "现口令：", en: "Present passphrase: " });
      const fresh = context.t({ zh: "新口令：", en: "New passphrase: " });
      const from = await readPassphrase(surroundings, present, passphraseFile);
      const to = await readPassphrase(surroundings, fresh, newPassphraseFile, "WANLIAN_NEW_PASSPHRASE");
      const answer = await (await context.client()).post("/sessions/current/passphrase", { from, to });
      await context.sessions.forget(context.nodeUrl);
      context.show(answer, () => `${context.t({ zh: "已更改，请重新登录", en: "changed; log in again" })}\n`);
    });
  program
    .command("whoami")
    .description(context.t({ zh: "当前登录", en: "who is logged in" }))
    .action(async () => show(context, await (await context.client()).get("/sessions/current")));
}

function show(context: Context, answer: Json): void {
  const session = answer.at("session");
  context.show(answer, () =>
    context.listing([
      [{ zh: "经办人", en: "officer" }, session.at("officer").text],
      [{ zh: "部门", en: "department" }, session.at("department").text],
      [{ zh: "角色", en: "roles" }, session.at("roles").text],
      [{ zh: "登录至", en: "until" }, session.at("expires").text],
    ]),
  );
}
