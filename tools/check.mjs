// The fast check: format, lint, package boundaries, dead code, types and unit tests, at most as many at once
// as there are cores. Prints only what failed. `--without="unit tests"` leaves one out.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

const checks = [
  // The web app is bundled and the tests are run as they are, so that no build of theirs looks at types; they need those of the packages.
  ["types", "sh", ["-c", "tsc -b . apps/web && tsc -p e2e --noEmit"]],
  ["unit tests", "vitest", ["run", "--project", "unit", "--reporter=dot"]],
  ["lint", "oxlint", ["--type-aware", "packages", "apps", "bench", "e2e", "examples", "tools"]],
  ["format", "oxfmt", ["--check", "."]],
  ["boundaries", "turbo", ["boundaries"]],
  ["dead code", "knip", ["--no-progress"]],
];

const started = performance.now();
const left = new Set(process.argv.flatMap((word) => /^--without=(.+)$/.exec(word)?.[1] ?? []));
const waiting = checks.filter(([title]) => !left.has(title));
let failed = 0;
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
console.log(`${failed === 0 ? "All checks passed" : `${failed} failed`} in ${seconds(started)}.`);
process.exit(failed === 0 ? 0 : 1);

async function worker() {
  for (let check = waiting.shift(); check; check = waiting.shift()) await runCheck(...check);
}

async function runCheck(title, command, args) {
  const begun = performance.now();
  const { code, output } = await capture(command, args);
  if (code !== 0) failed += 1;
  console.log(`${code === 0 ? "✓" : "✗"} ${title} (${seconds(begun)})`);
  if (code !== 0) console.log(output.trimEnd());
}

function capture(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
