// Builds every package that changed; turbo's cache answers for the rest.
import { spawnSync } from "node:child_process";

const args = ["run", "build", "--output-logs=new-only", ...process.argv.slice(2)];
process.exit(spawnSync("turbo", args, { stdio: "inherit" }).status ?? 1);
