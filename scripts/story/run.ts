import { readFile } from "node:fs/promises";
import type { OpenPolicy } from "@wanlian/model/model-1/policy/policy-schema.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { Language } from "@wanlian/protocol/language.js";
import { openChannel } from "../host/decision.js";
import { refusalCode } from "../host/desk.js";
import type { Pilot } from "../host/pilot.js";
import { openingPolicyFile } from "../host/processes.js";
import { datasetOf } from "./chapters/catalogue.js";
import { Narrator, type Told } from "./narrator.js";
import { accessTo, stageOn } from "./on-pilot.js";
import { playStory } from "./play.js";
import type { Stage } from "./stage.js";

const OPENING = {
  policy: { zh: "以第 1 号政策开通通道", en: "opens the channel with policy 1" },
  clock: { zh: "开启账本时钟", en: "starts the ledger's clock" },
  member: { zh: "加入联盟，写明负责人与专员", en: "takes up membership, naming its responsible officers" },
} as const satisfies Readonly<Record<string, Told>>;

/**
 * Opens the pilot's channel where that has not been done, and plays the story on it.
 * @throws NetworkError ALREADY_DONE where the story was begun on this pilot before: the ledger keeps what it holds
 */
export async function runStory(pilot: Pilot, language: Language, write: (text: string) => void): Promise<void> {
  const topology = await pilot.data.topology();
  const narrator = new Narrator(language, write);
  const policy = JSON.parse(await readFile(openingPolicyFile(pilot.data), "utf8")) as OpenPolicy;
  narrator.now = policy.opened;
  narrator.chapter({ zh: "开通通道", en: "The channel opens" });
  await openChannel(pilot.data, topology, policy, ({ name }, act, filed) => narrator.step(name, OPENING[act], filed));
  const stage = await stageOn(pilot, topology, narrator, language);
  await expectNotBegun(stage);
  const network = await pilot.network();
  try {
    await playStory(stage, accessTo(pilot, topology, network));
  } finally {
    network.close();
  }
}

async function expectNotBegun({ cast }: Stage): Promise<void> {
  const dataset = datasetOf(cast.provider);
  try {
    await cast.provider.user.get(`datasets/${dataset}`);
  } catch (error) {
    if (refusalCode(error) === "NO_SUCH_CASE") return;
    throw error;
  }
  throw storyBegun(dataset);
}

/** The refusal to play a second story on a ledger that keeps the first. */
export function storyBegun(dataset: string): NetworkError {
  return new NetworkError(
    "ALREADY_DONE",
    {
      zh: `此试点上已开始过该故事：账本中已有 ${dataset}，且不会删除。要重来请先运行 "reset"。`,
      en: `The story was begun on this pilot before: its ledger holds ${dataset}, and keeps it. "reset" makes room for another.`,
    },
    { details: { dataset } },
  );
}
