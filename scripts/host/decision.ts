import type { OpenPolicy } from "@wanlian/model/model-1/policy/policy-schema.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { Department, Topology } from "@wanlian/network/topology/topology.js";
import type { Language } from "@wanlian/protocol/language.js";
import { officersFolder } from "./certificates.js";
import type { DataDirectory } from "./data-directory.js";
import { type AfterFiling, Desk, type Filed, refusalCode } from "./desk.js";
import { type Officer, officersOf, type Post, passphraseOf } from "./officers.js";

/** An officer of the pilot at its department's node. */
export async function logIn(
  data: DataDirectory,
  department: Department,
  post: Post,
  language: Language = "en",
  afterFiling?: AfterFiling,
): Promise<Desk> {
  const officer = officersOf(department).find((one) => one.post === post);
  if (officer === undefined) throw lacking(department, post);
  return await logInAs(data, department, officer, language, afterFiling);
}

/** An officer or machine that was enrolled, whatever its number. */
export async function logInAs(
  data: DataDirectory,
  department: Department,
  { number, post }: Officer,
  language: Language = "en",
  afterFiling?: AfterFiling,
): Promise<Desk> {
  if (department.node === undefined) throw lacking(department, post);
  const passphrase = await passphraseOf(officersFolder(data, department.mspId), number);
  return Desk.logIn(`http://${department.node.api}`, { officer: number, passphrase }, language, afterFiling);
}

function lacking({ mspId }: Department, post: Post): NetworkError {
  const said = {
    zh: `${mspId} 在本试点中没有 ${post}，或没有部门节点。`,
    en: `${mspId} has no ${post} or no node in this pilot.`,
  };
  return new NetworkError("INVALID_TOPOLOGY", said, { details: { mspId, post } });
}

/** Tells each act of the opening as it is made. */
export type OnOpening = (department: Department, act: "policy" | "clock" | "member", filed: Filed) => void;

/**
 * Opens the channel: policy 1 by the bureau, clock 1, then each founder's member act, made by itself.
 * Can be interrupted and run again: what stands is left alone.
 */
export async function openChannel(
  data: DataDirectory,
  topology: Topology,
  policy: OpenPolicy,
  onAct: OnOpening,
): Promise<void> {
  const bureau = bureauOf(topology);
  const desk = await logIn(data, bureau, "administrator");
  if (!(await answers(() => desk.get("policy"), "NO_SUCH_CASE"))) {
    onAct(bureau, "policy", await desk.file("policy/open", policy));
  }
  if (!(await answers(() => desk.get("clock"), "NO_SUCH_CASE"))) {
    onAct(bureau, "clock", await desk.file("clock/tick", { time: policy.opened }));
  }
  for (const department of topology.departments) {
    const joined = await joinAsMember(data, department);
    if (joined !== undefined) onAct(department, "member", joined);
  }
}

/** Whether the channel has been opened by policy 1, so that there is a consortium to decide. */
export async function isOpened(data: DataDirectory, topology: Topology): Promise<boolean> {
  const desk = await logIn(data, bureauOf(topology), "administrator");
  return answers(() => desk.get("policy"), "NO_SUCH_CASE");
}

/**
 * The members' decision that a department joins or leaves, on the ledger before the configuration follows: the bureau
 * moves it, the others vote until a majority is reached. What has been decided already is left alone.
 */
export async function decide(
  data: DataDirectory,
  topology: Topology,
  kind: "admit" | "remove",
  subject: { readonly mspId: string; readonly name: string },
): Promise<void> {
  const bureau = bureauOf(topology);
  const mover = await logIn(data, bureau, "administrator");
  const motion = { kind, subject: subject.mspId, name: subject.name };
  let filed: Filed;
  try {
    filed = await mover.file("consortium/propose", motion);
  } catch (error) {
    const decided = kind === "admit" ? "ALREADY_EXISTS" : "NOT_FOUND";
    if (refusalCode(error) === decided) return;
    throw error;
  }
  const { number } = filed;
  for (const department of topology.departments) {
    if (belongs(filed, subject.mspId) === (kind === "admit")) return;
    if (department.mspId === bureau.mspId || department.mspId === subject.mspId) continue;
    const voter = await logIn(data, department, "administrator");
    filed = await voter.file("consortium/vote", { motion: number, vote: "inFavour" });
  }
}

/** The newcomer's own act, by which it becomes an active member; not again if it is one. */
export async function joinAsMember(data: DataDirectory, department: Department): Promise<Filed | undefined> {
  const administrator = await logIn(data, department, "administrator");
  const route = `members/${department.mspId}`;
  if (await answers(() => administrator.get(route), "NO_SUCH_CASE")) return undefined;
  const number = (post: Post) => officersOf(department).find((officer) => officer.post === post)?.number ?? "";
  return administrator.file(`${route}/join`, {
    name: department.name.zh,
    level: "municipal",
    head: number("administrator"),
    deputy: number("user"),
    stewards: [number("steward")],
  });
}

function bureauOf({ departments }: Topology): Department {
  const bureau = departments.find((department) => department.bureau);
  if (!bureau)
    throw new NetworkError("INVALID_TOPOLOGY", { zh: "拓扑中没有数据局。", en: "The topology has no data bureau." });
  return bureau;
}

function belongs({ state }: Filed, mspId: string): boolean {
  return Array.isArray(state.roster) && state.roster.includes(mspId);
}

/** Whether the question is answered; `absent` is the code with which a node says that there is no such thing. */
async function answers(ask: () => Promise<unknown>, absent: string): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (refusalCode(error) === absent) return false;
    throw error;
  }
}
