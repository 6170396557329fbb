import { runAndExit } from "./command.js";

await runAndExit("restore");
