import { Type } from "typebox";
import { answer } from "./answer.js";

/** JSON-LD, as the standard's own document has it. */
const Statements = Type.Record(Type.String(), Type.Unknown(), { description: "By the standard's own names." });

export const DcatCatalogue = answer("DcatCatalogue", {
  "@context": Type.Record(Type.String(), Type.String(), { description: "Names that are shortened." }),
  "@id": Type.String({ description: "The catalogue's own name." }),
  "@type": Type.Literal("dcat:Catalog", { description: "What it is." }),
  "dct:publisher": Statements,
  "dcat:dataset": Type.Array(Statements, { description: "Every dataset, with its newest release." }),
});

/** W3C PROV-JSON: by kind of statement, then by name. */
export const ProvJson = Type.Record(Type.String(), Statements, {
  title: "ProvJson",
  description: "A document of W3C PROV-JSON",
});
