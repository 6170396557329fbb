import { runServer } from "../server-process.js";
import { PeerError } from "./errors.js";
import { PeerProcess } from "./process.js";
import { readPeerSettings } from "./settings.js";

// It ends by itself when a ledger cannot be written.
await runServer({
  name: "peer",
  read: readPeerSettings,
  start: PeerProcess.start,
  sentence: (error) => (error instanceof PeerError ? error.message : undefined),
});
