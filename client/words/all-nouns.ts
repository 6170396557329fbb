import type { NounWords } from "./noun-words.js";
import { application } from "./nouns/application.js";
import { assessment } from "./nouns/assessment.js";
import { clock } from "./nouns/clock.js";
import { consortium } from "./nouns/consortium.js";
import { dataset } from "./nouns/dataset.js";
import { demand } from "./nouns/demand.js";
import { log } from "./nouns/log.js";
import { mandate } from "./nouns/mandate.js";
import { member } from "./nouns/member.js";
import { objection } from "./nouns/objection.js";
import { policy } from "./nouns/policy.js";
import { product } from "./nouns/product.js";
import { release } from "./nouns/release.js";
import { suggestion } from "./nouns/suggestion.js";
import { evaluation } from "./nouns/supervision/evaluation.js";
import { incident } from "./nouns/supervision/incident.js";
import { usage } from "./nouns/supervision/usage.js";

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
  product,
  incident,
  usage,
  evaluation,
};
