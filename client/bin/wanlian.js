#!/usr/bin/env node
// `fsck` checks what a stopped node keeps, so it is the node's own program; everything else goes through a node's API.
const [command] = process.argv.slice(2);
if (command === "fsck") process.argv.splice(2, 1);
await import(command === "fsck" ? "../dist/running/fsck.js" : "../dist/cli/main.js");
