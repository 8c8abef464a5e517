// One step of getting ready as one line: what it prints goes into a log, which is shown where the step fails.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** What takes less is not worth a line. */
const SHOWN_AFTER_MS = 1_000;
const SHOWN_OF_LOG = 25;

/**
 * Runs a command; resolves to whether it succeeded. `label` is what happens, such as "Installing dependencies", and
 * `hint` what to do where it fails.
 */
export async function stage(label, command, args, { log, hint, cwd, env, out = process.stderr }) {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  const redraw = (text) => out.write(`\r\u001b[K${text}`);
  let shown = false;
  const show = () => {
    if (out.isTTY) redraw(`… ${label} (${seconds()})`);
    else if (!shown) out.write(`${label} …\n`);
    shown = true;
  };
  const ticking = setInterval(show, SHOWN_AFTER_MS);
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "w");
  const failure = await runQuietly(command, args, { cwd, env, file });
  clearInterval(ticking);
  closeSync(file);
  if (failure === undefined) {
    if (shown && out.isTTY) redraw(`✓ ${label} (${seconds()})\n`);
    return true;
  }
  if (out.isTTY) redraw("");
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-SHOWN_OF_LOG);
  out.write(`${lines.join("\n")}\n\n✗ ${label}: ${failure}. All that it printed: ${log}\n`);
  if (hint !== undefined) out.write(`  ${hint}\n`);
  return false;
}

/** Resolves to why it failed, or to nothing. A signal sent to us ends it too. */
function runQuietly(command, args, { cwd, env, file }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", file, file] });
    const pass = (signal) => {
      child.kill(signal);
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, pass);
    const end = (failure) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, pass);
      resolve(failure);
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  });
}
