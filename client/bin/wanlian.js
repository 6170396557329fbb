#!/usr/bin/env node
import { existsSync } from "node:fs";

// `fsck` checks what a stopped node keeps, so it is the node's own program; everything else goes through a node's API.
const [command] = process.argv.slice(2);
if (command === "fsck") process.argv.splice(2, 1);
// Packed it takes a third of the processor time to answer (decision 090); where only the compiler ran, what it wrote.
const packed = new URL("../dist/bundle/wanlian.js", import.meta.url);
const officers = existsSync(packed) ? packed.href : "../dist/cli/main.js";
await import(command === "fsck" ? "../dist/running/fsck.js" : officers);
