/** A process that commits the blocks of a folder to a ledger and says each number once it is committed: to be killed. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { Block } from "@wanlian/protocol/messages/common.js";

const [directory = "", folder = ""] = process.argv.slice(2);
const blocks = (await readdir(folder)).sort();
const read = async (name = "") => Block.decode(await readFile(join(folder, name)));

const ledger = await createLedger({ directory, mspId: "BureauMSP" }, await read(blocks[0]));
for (const name of blocks.slice(Number(ledger.height))) {
  const { number } = await ledger.commit(await read(name));
  process.stdout.write(`${number}\n`);
}
await ledger.close();
