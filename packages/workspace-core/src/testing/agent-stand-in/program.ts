import { play, type Dialect } from "./play.ts";

/** The stand-in as a program for Node, which keeps its conversations in the home. */
export function agentStandIn(dialect: Dialect): string {
  return `#!/usr/bin/env node
"use strict";
const fs = require("node:fs");
const play = ${String(play)};
const directory = process.env.HOME + "/.stand-in";
fs.mkdirSync(directory, { recursive: true });
const conversations = {
  get(session) {
    try {
      return JSON.parse(fs.readFileSync(directory + "/" + session, "utf8"));
    } catch {
      return undefined;
    }
  },
  set(session, told) {
    fs.writeFileSync(directory + "/" + session, JSON.stringify(told));
  },
};
const steps = play({
  dialect: ${JSON.stringify(dialect)},
  argv: process.argv.slice(2),
  told: fs.readFileSync(0, "utf8"),
  env: process.env,
  now: Date.now(),
  newSession: "ses-" + require("node:crypto").randomUUID(),
  conversations,
});
function next() {
  for (;;) {
    const { done, value: step } = steps.next();
    if (done) return;
    if (step === "hang") return void setInterval(() => {}, 1000);
    if (step.sleep !== undefined) return void setTimeout(next, step.sleep);
    if (step.exit !== undefined) process.exit(step.exit);
    fs.writeSync(step.err === undefined ? 1 : 2, step.err ?? step.out);
  }
}
next();
`;
}
