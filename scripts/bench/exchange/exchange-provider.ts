import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { openSide, type SidePlan } from "./exchange-side.js";
import { startRelay } from "./relay.js";

/** The provider's side, a process of its own: `exchange-provider.js PLAN.json`. Also serves the same file by plain HTTPS. */
const plan = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as SidePlan;
const exchange = await openSide(plan);
const plain = createServer({ cert: plan.tls.certificate, key: plan.tls.privateKey }, (_request, response) => {
  createReadStream(plan.source, { highWaterMark: 512 * 1024 }).pipe(response);
});
plain.listen(0, "127.0.0.1");
await once(plain, "listening");
const { port } = plain.address() as AddressInfo;
const relay = await startRelay({ cert: plan.tls.certificate, key: plan.tls.privateKey, ca: plan.authorities });
const addresses = { address: exchange.address, plain: `https://127.0.0.1:${port}/`, relay: relay.url };
process.stdout.write(`${JSON.stringify(addresses)}\n`);
process.on("message", (message) => {
  if (message === "memory") process.send?.(process.memoryUsage().rss);
});
process.once("SIGTERM", () => {
  relay.close();
  plain.closeAllConnections();
  plain.close();
  exchange.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
