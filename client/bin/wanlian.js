#!/usr/bin/env node
import { existsSync } from "node:fs";

// What is done to what a node keeps is the node's own programs'; everything else goes through a node's API.
const AT_THE_NODE = {
  fsck: "fsck",
  "begin-log": "begin-log-command",
  backup: "backup/backup-command",
  restore: "backup/restore-command",
};
const [command] = process.argv.slice(2);
const program = Object.hasOwn(AT_THE_NODE, command ?? "") ? AT_THE_NODE[command] : undefined;
if (program !== undefined) process.argv.splice(2, 1);
// Packed it takes a third of the processor time to answer (decision 090); where only the compiler ran, what it wrote.
const packed = new URL("../dist/bundle/wanlian.js", import.meta.url);
const officers = existsSync(packed) ? packed.href : "../dist/cli/main.js";
await import(program === undefined ? officers : `../dist/running/${program}.js`);
