import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { type Operation, operation } from "../../operation.js";
import { Submission } from "../../schemas.js";
import { callerOf } from "../session.js";
import { answer } from "./filings.js";

export const clockOperations: readonly Operation[] = [
  operation({
    id: "clock.tick",
    tag: "clock",
    method: "post",
    route: "/clock/tick",
    effect: "filing",
    summary: { zh: "拨动演示通道的时钟（以节点密钥签署）", en: "Move a demo channel's clock on; the node's key signs" },
    body: Type.Object(
      { time: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", description: "RFC 3339, UTC" }) },
      { additionalProperties: false },
    ),
    answers: { 201: Submission, 202: Submission },
    handle: async ({ services, caller, body, idempotencyKey, language }) => {
      if (services.status().demo !== true)
        throw new ApiError("NOT_A_DEMO", "This channel's clock follows the world's.");
      const { roles, officer } = callerOf(caller).session.officer;
      if (!roles.includes("administrator")) {
        throw new ApiError(
          "ROLE_MISSING",
          `Moving the clock takes the role administrator; ${officer} has ${roles.join(", ")}.`,
        );
      }
      const command = { noun: "clock", case: "clock", type: "tick", body };
      // The node's filings are its own; an officer's key must not meet another officer's.
      const key = `${officer}:${idempotencyKey ?? randomUUID()}`;
      return answer(await services.submit(services.nodeSigner, command, key), language);
    },
  }),
];
