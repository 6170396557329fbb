import { constants, setPriority } from "node:os";
import { run } from "./program.js";

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: process.stdout,
  err: process.stderr,
  in: process.stdin,
  giveWay: () => setPriority(constants.priority.PRIORITY_BELOW_NORMAL),
});
