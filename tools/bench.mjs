// Builds what changed, then measures Workspace beside its peers: `npm run bench [-- --only NAME] [-- --json FILE]`.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
if (!args.includes("--help") && !args.includes("--list")) {
  const build = spawnSync("turbo", ["run", "build", "--output-logs=new-only"], { cwd: root, stdio: "inherit" });
  // What could be built is measured; a row of what could not is left out.
  if (build.status !== 0) console.error("Not everything could be built.");
}
const main = fileURLToPath(new URL("../bench/src/main.ts", import.meta.url));
const bench = spawn(process.execPath, [main, ...args], { stdio: "inherit" });
// It takes away what it made before it ends, so we wait for it whatever the signal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => bench.kill(signal));
bench.on("error", (error) => {
  console.error(`The benchmark did not start: ${error.message}`);
  process.exit(1);
});
bench.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
