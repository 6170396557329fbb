import { closed } from "@wanlian/model/limits.js";
import { Type } from "typebox";
import { Check } from "typebox/schema";
import type { DepartmentConnections } from "../exchange/connections.js";
import { ExchangeError } from "../exchange/errors.js";
import type { AskForText } from "./case-texts.js";
import { MAX_TEXT, type SaltedText } from "./text.js";
import { TEXTS_PATH } from "./text-desk.js";

const Answer = closed({
  salt: Type.String({ pattern: "^[0-9a-f]{32}$" }),
  text: Type.String({ maxLength: MAX_TEXT }),
});

/** Asks over the exchange's mutual TLS. @throws ExchangeError UNREACHABLE, BAD_ANSWER, or what the other side said */
export function askDepartments(connections: DepartmentConnections): AskForText {
  return async (department, digest) => {
    const answer = await connections.json(department, TEXTS_PATH, { digest });
    if (!Check(Answer, answer)) throw new ExchangeError("BAD_ANSWER", "the other node's answer is no text");
    return answer as SaltedText;
  };
}
