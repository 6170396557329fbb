import { closed } from "@wanlian/model/kernel/schema.js";
import { Type } from "typebox";
import { Check } from "typebox/schema";
import { ExchangeError } from "../../core/index.js";
import { type AskForText, MAX_TEXT, type SaltedText } from "../../texts/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import { TEXTS_PATH } from "./text-desk.js";

export const HandedText = closed({
  salt: Type.String({ pattern: "^[0-9a-f]{32}$" }),
  text: Type.String({ maxLength: MAX_TEXT }),
});

/** Asks over the exchange's mutual TLS. @throws ExchangeError UNREACHABLE, BAD_ANSWER, or what the other side said */
export function askDepartments(connections: DepartmentConnections): AskForText {
  return async (department, digest) => {
    const answer = await connections.json(department, TEXTS_PATH, { digest });
    if (!Check(HandedText, answer)) throw new ExchangeError("BAD_ANSWER", "the other node's answer is no text");
    return answer as SaltedText;
  };
}
