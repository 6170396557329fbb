import { Type } from "typebox";
import { answer } from "./answer.js";

/** A dataset that a grant covers. */
export const CoveredDataset = answer("CoveredDataset", {
  dataset: Type.String(),
  name: Type.String(),
  fields: Type.Array(Type.String(), { description: "Those that the grant covers." }),
});

/** A dataset that comes near to what is needed. */
export const Match = answer("Match", {
  dataset: Type.String(),
  name: Type.String(),
  provider: Type.String(),
  share: Type.String(),
  nearness: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: "How much of what was said is found, in ten-thousandths; rare words and words in names count more.",
  }),
  found: Type.Array(
    Type.Object({
      place: Type.Unsafe<"name" | "fields" | "category" | "abstract">(
        Type.Enum(["name", "fields", "category", "abstract"], { description: "Where in the catalogue entry." }),
      ),
      words: Type.Array(Type.String(), { description: "Words of the need that are found there." }),
    }),
    { description: "By which words it comes near." },
  ),
});
