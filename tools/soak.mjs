// The same suites as `npm test`, with the rounds, sizes and durations of the full proofs: hundreds of kills, gigabytes,
// minutes of silence. Arguments are passed to vitest, so that one proof can be run by name.
import { spawnSync } from "node:child_process";
import { ensure } from "./prerequisites.mjs";

await ensure();
const env = { ...process.env, WS_SOAK: "1" };
const run = (command, args) => spawnSync(command, args, { env, stdio: "inherit" }).status ?? 1;

const built = run("turbo", ["run", "build", "--output-logs=new-only"]);
const passed = built || run("vitest", ["run", "--project", "engine", "--project", "e2e", ...process.argv.slice(2)]);
process.exit(passed);
