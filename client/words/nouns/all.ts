import { application } from "./application.js";
import { assessment } from "./assessment.js";
import { clock } from "./clock.js";
import { consortium } from "./consortium.js";
import { dataset } from "./dataset.js";
import { demand } from "./demand.js";
import { log } from "./log.js";
import { mandate } from "./mandate.js";
import { member } from "./member.js";
import type { NounWords } from "./noun-words.js";
import { objection } from "./objection.js";
import { policy } from "./policy.js";
import { release } from "./release.js";
import { suggestion } from "./suggestion.js";

/** The nouns of all versions, each with its words: one line a noun, as in the model's versions. */
export const NOUN_WORDS: Readonly<Record<string, NounWords>> = {
  policy,
  clock,
  consortium,
  member,
  mandate,
  dataset,
  release,
  demand,
  application,
  objection,
  suggestion,
  log,
  assessment,
};
