import type { CommandRow } from "./ledger.ts";
import { useModel } from "./ledger.ts";
import { useOfficer } from "./session.tsx";

const NONE = "none";

/** What the tables let the officer begin: commands without a case before them, that a role of the officer's may give. */
export function useBeginnings(noun: string): string[] {
  const table = useModel().data?.get(noun);
  const { roles } = useOfficer();
  return (table?.commands ?? [])
    .filter(
      ({ from, route, by }) => from.includes(NONE) && route !== null && by.some(({ role }) => roles.includes(role)),
    )
    .map(({ type }) => type);
}

/** The row of a noun's table, while it is known. */
export function useCommand(noun: string, type: string): CommandRow | undefined {
  return useModel()
    .data?.get(noun)
    ?.commands.find((command) => command.type === type);
}
