import type { Model } from "@wanlian/model/kernel/model.js";
import type { Sessions } from "../keys/officers/index.js";
import { openApiDocument } from "./document.js";
import { callOperations } from "./operations/access/calls.js";
import { evidenceOperations } from "./operations/access/evidence.js";
import { exchangeOperations } from "./operations/access/exchange.js";
import { allOperations } from "./operations/all.js";

/** Nothing is called while the API is only described. */
const absent = (): never => {
  throw new Error("the API is described, not served");
};

/** The document of a whole node, with all parts that one can have. */
export function describeWhole(model: Model, sessions: Sessions): Readonly<Record<string, unknown>> {
  const operations = [
    ...allOperations(model, sessions),
    ...exchangeOperations(absent),
    ...callOperations(absent),
    ...evidenceOperations(
      { ofOwn: absent, ofAudited: absent, ofAnswer: absent, vouched: absent, roots: absent },
      absent,
    ),
  ];
  return openApiDocument(operations, "build");
}
