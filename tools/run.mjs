// The bootstrap: takes a machine that has only git, Node >= 20 and npm to the pinned pnpm, the pinned
// Node and the locked dependencies, then runs one of the repository's verbs with them. Plain JavaScript
// without dependencies, because it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stage } from "./stage.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const toolsDir = join(root, ".tools");
const verbs = ["start", "build", "test", "soak", "bench", "check", "exec"];

/** Hundreds of megabytes that only the tests read. */
const ONLY_TESTS = ["--filter=!@ws/github-description", "--filter=!@ws/mcp-inspector"];

const [verb, ...rest] = process.argv.slice(2);
if (!verbs.includes(verb)) fail(`Unknown verb '${verb ?? ""}'. Use one of: ${verbs.join(", ")}.`);
if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node ${process.versions.node} is too old to bootstrap. Install Node 20 or newer from your package manager.`);
}

const env = toolEnvironment();
await installPnpm();
await installDependencies();
checkPinnedNode();

if (verb === "exec") run(rest[0], rest.slice(1));
else run("node", [join(root, "tools", `${verb}.mjs`), ...rest]);

/** PATH with the pinned tools first, without the npm_* variables of the npm that started us. */
function toolEnvironment() {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const bins = [join(toolsDir, "node_modules", ".bin"), join(root, "node_modules", ".bin")];
  return {
    ...Object.fromEntries(entries),
    PATH: [...bins, process.env.PATH ?? ""].join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    // OpenTUI and node:sqlite warn about themselves; a warning on every command helps nobody.
    NODE_NO_WARNINGS: process.env.NODE_NO_WARNINGS ?? "1",
  };
}

async function installPnpm() {
  const wanted = /pnpm@(\S+?)(?:\+|$)/.exec(readJson("package.json").packageManager)[1];
  const manifest = join(toolsDir, "node_modules", "pnpm", "package.json");
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === wanted) return;
  mkdirSync(toolsDir, { recursive: true });
  // npm 11 runs a package's install script only where its project allows it; pnpm's links its binary.
  writeFileSync(join(toolsDir, "package.json"), JSON.stringify({ private: true, allowScripts: { pnpm: true } }));
  await must(
    `Installing pnpm ${wanted}`,
    "npm",
    ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", `pnpm@${wanted}`],
    { cwd: toolsDir, hint: "Check that the npm registry is reachable: npm ping." },
  );
}

async function installDependencies() {
  const stamp = join(root, "node_modules", ".installed");
  const lean = ["start", "build"].includes(verb);
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .update(process.platform + process.arch)
    .digest("hex");
  const installed = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (installed === lock || (lean && installed === `${lock} lean`)) return;
  rmSync(stamp, { force: true });
  await must(
    "Installing dependencies",
    "pnpm",
    ["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn", ...(lean ? ONLY_TESTS : [])],
    { cwd: root, hint: "What pnpm said is above; run the same command again when it is put right." },
  );
  writeFileSync(stamp, lean ? `${lock} lean` : lock);
}

/** The pinned Node links libatomic, which a minimal machine lacks; without this check every later step fails obscurely. */
function checkPinnedNode() {
  const pinned = join(root, "node_modules", ".bin", "node");
  if (!existsSync(pinned)) {
    console.error(`No pinned Node for ${process.platform}-${process.arch}; using Node ${process.versions.node}.`);
    return;
  }
  const stamp = join(root, "node_modules", ".node-runs");
  if (existsSync(stamp)) return;
  let probe = spawnSync(pinned, ["--version"], { encoding: "utf8" });
  if (probe.status !== 0 && /libatomic/.test(probe.stderr ?? "")) {
    if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
      fail("The pinned Node needs libatomic. Install it: sudo apt-get install -y libatomic1 (Fedora: libatomic).");
    }
    console.error("Installing libatomic1 for the pinned Node …");
    spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "libatomic1"], { stdio: "inherit" });
    probe = spawnSync(pinned, ["--version"], { encoding: "utf8" });
  }
  if (probe.status !== 0) fail(`The pinned Node does not run: ${(probe.stderr || String(probe.error)).trim()}`);
  writeFileSync(stamp, probe.stdout);
}

/** Runs the verb in the foreground; a signal sent to us reaches it, and its exit code is ours. */
function run(command, args) {
  const child = spawn(command, args, { cwd: root, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`Could not run ${command}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

async function must(label, command, args, options) {
  const done = await stage(label, command, args, { env, log: join(toolsDir, "install.log"), ...options });
  if (!done) process.exit(1);
}

function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, pathToFileURL(root)), "utf8"));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
