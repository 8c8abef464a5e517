#!/usr/bin/env node
// Old syntax only: an older Node has to get as far as the sentence below.
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error("ws: Node " + process.versions.node + " is too old; this needs Node 24 or newer. (node_too_old)");
  console.error("    Install a newer Node, or clone the repository: its 'npm start' brings its own.");
  process.exit(1);
}
void import("../dist/main.js");
