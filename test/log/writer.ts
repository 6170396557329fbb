import { createPrivateKey, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { AccessLog } from "@wanlian/client/log/log.js";
import { noteSigner } from "@wanlian/model/note.js";

/**
 * A process that appends until it is killed: `writer.js DIR KEYFILE ORIGIN`. One line an acknowledged record:
 * index and the record's text. Sizes vary, so that kills fall within writes of all lengths.
 */
const [dir, keyFile, origin] = process.argv.slice(2) as [string, string, string];
const signer = noteSigner(origin, createPrivateKey(readFileSync(keyFile)));
const log = await AccessLog.open(dir, signer, { publishAfterMs: 3 });
process.stdout.write(`open ${log.size}\n`);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const text = randomBytes(4 + (randomBytes(1)[0] as number) * 4).toString("hex");
      const { index } = await log.append(Buffer.from(text));
      process.stdout.write(`${index} ${text}\n`);
    }
  }),
);
