// Builds what changed, then runs the agent in the foreground with the dashboard opened.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stage } from "./stage.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const log = join(root, ".tools", "build.log");
if (!(await stage("Building", "turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root, log }))) {
  process.exit(1);
}

const main = fileURLToPath(new URL("../apps/cli/dist/main.js", import.meta.url));
const args = [main, "agent", "run", "--open", ...process.argv.slice(2)];
const agent = spawn(process.execPath, args, { stdio: "inherit" });
// A terminal sends Ctrl-C to the whole group, the agent included; a second SIGINT would read as impatience.
const signals = process.stdin.isTTY ? ["SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) process.on(signal, () => agent.kill(signal));
if (process.stdin.isTTY) process.on("SIGINT", () => {});
agent.on("error", (error) => {
  console.error(`The agent did not start: ${error.message}`);
  process.exit(1);
});
agent.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
