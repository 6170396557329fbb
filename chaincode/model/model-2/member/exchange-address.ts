import { Type } from "typebox";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition } from "../../kernel/noun.js";
import { closed } from "../../kernel/schema.js";
import { JoinConsortium, member as member1, UpdateOfficers } from "../../model-1/member/member.js";
import { rowOf } from "../../model-1/table.js";

/** A host name (RFC 1123, 253 octets) or address, IPv6 in brackets, and a port. */
const HostAndPort = Type.String({
  pattern: "^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}\\]):[1-9][0-9]{0,4}$",
  maxLength: 259,
});

/** 数据交换地址: where other departments' nodes reach this one's. Absent: as it was, or each node's own affair. */
export const exchange = { exchange: Type.Optional(HostAndPort) };

/** Others then need no list of addresses of their own. Version 1 keeps what it does not look at: it stays until another is said. */
export const join: CommandDefinition = {
  ...rowOf(member1, "join"),
  body: closed({ ...JoinConsortium.properties, ...exchange }),
};
export const update: CommandDefinition = {
  ...rowOf(member1, "update"),
  body: closed({ ...UpdateOfficers.properties, ...exchange }),
};

/** Where a member's exchange is, if it says so. */
export function exchangeAddress(state: CaseState): string | undefined {
  const { exchange: address } = state as { readonly exchange?: unknown };
  return typeof address === "string" ? address : undefined;
}
