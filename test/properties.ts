import fc from "fast-check";
import { SEED } from "./random.js";

/** Properties draw by the suite's seed; fast-check prints it beside each counterexample. */
fc.configureGlobal({ seed: SEED });
