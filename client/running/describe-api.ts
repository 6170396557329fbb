import { RELEASED } from "@wanlian/model/models.js";
import { describeWhole } from "../api/index.js";
import { OfficerStore, Sessions } from "../keys/officers/index.js";

/** Prints the OpenAPI document of a whole node, by the newest model: what the page's types are made from. */
const sessions = new Sessions(new OfficerStore("."), () => new Date());
process.stdout.write(`${JSON.stringify(describeWhole(RELEASED.latest, sessions), undefined, 1)}\n`);
