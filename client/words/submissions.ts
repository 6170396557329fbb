import type { Words } from "@wanlian/protocol/language.js";

/** What has become of what an officer filed, by status. */
export const SUBMISSIONS: Readonly<Record<string, Words>> = {
  pending: { zh: "处理中", en: "pending" },
  counted: { zh: "已生效", en: "done" },
  failed: { zh: "未生效", en: "not done" },
};
