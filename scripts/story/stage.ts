import type { Cast } from "./cast.js";
import type { DivisionLists } from "./divisions.js";
import type { Narrator } from "./narrator.js";

/** What every chapter has at hand. */
export interface Stage {
  readonly cast: Cast;
  readonly lists: DivisionLists;
  readonly narrator: Narrator;
  /** Folder for files that departments hand over. */
  readonly handover: string;
}

/** Moves the demo channel's clock to an instant. */
export async function passTimeTo({ cast, narrator }: Stage, instant: string): Promise<void> {
  const filed = await cast.bureau.administrator.file("clock/tick", { time: instant });
  narrator.now = instant;
  narrator.step(cast.bureau.name, { zh: "拨动演示时钟", en: "moves the demo clock on" }, filed);
}
