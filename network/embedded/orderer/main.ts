import { runServer } from "../server-process.js";
import { OrdererProcess } from "./process.js";
import { readOrdererSettings } from "./settings.js";

// What it accepted is written before it ends.
await runServer({ name: "orderer", read: readOrdererSettings, start: OrdererProcess.start });
