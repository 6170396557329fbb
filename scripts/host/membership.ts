import { NetworkError } from "@wanlian/network/error.js";
import { eraseDepartment, writeDepartment } from "@wanlian/network/topology/edit.js";
import { PILOT_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import { decide, isOpened, joinAsMember } from "./decision.js";
import { departmentOf, nextDepartment } from "./departments.js";
import type { Pilot } from "./pilot.js";
import type { Progress } from "./progress.js";

/**
 * Lets one more department join the running pilot: the members' decision, one configuration update, its peer, contracts and
 * node, its own member act. Interrupted, it goes on when it is run again for the same department. Gives its MSP id.
 */
export async function addDepartment(pilot: Pilot, progress: Progress, wanted?: string): Promise<string> {
  const before = await pilot.data.topology();
  const mspId = wanted ?? nextDepartment(before);
  const department = departmentOf(mspId, before);
  const opened = await isOpened(pilot.data, before);
  if (opened)
    await progress.step({ zh: `成员决定 ${mspId} 加入`, en: `The members decide that ${mspId} joins` }, () =>
      decide(pilot.data, before, "admit", { mspId, name: nameOf(mspId) }),
    );
  await pilot.change((file) => writeDepartment(file, department));
  if (opened)
    await progress.step({ zh: `${mspId} 以自己的行为成为成员`, en: `${mspId} becomes a member by its own act` }, () =>
      joinAsMember(pilot.data, department),
    );
  return mspId;
}

/** Lets a department leave the running pilot. What it wrote stays on the ledger, its files stay where they are. */
export async function removeDepartment(pilot: Pilot, progress: Progress, mspId: string): Promise<void> {
  const before = await pilot.data.topology();
  if (!before.departments.some((department) => department.mspId === mspId))
    throw new NetworkError(
      "INVALID_TOPOLOGY",
      { zh: `${mspId} 没有参加本试点。`, en: `${mspId} takes no part in this pilot.` },
      { details: { mspId } },
    );
  if (await isOpened(pilot.data, before))
    await progress.step({ zh: `成员决定 ${mspId} 退出`, en: `The members decide that ${mspId} leaves` }, () =>
      decide(pilot.data, before, "remove", { mspId, name: nameOf(mspId) }),
    );
  await pilot.change((file) => eraseDepartment(file, mspId));
}

function nameOf(mspId: string): string {
  return PILOT_DEPARTMENTS.find((department) => department.mspId === mspId)?.name.zh ?? mspId;
}
