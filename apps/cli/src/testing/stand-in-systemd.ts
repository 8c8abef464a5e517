import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { RunProgram } from "../service/run-program.ts";

const systemctl = fileURLToPath(new URL("systemctl.py", import.meta.url));

export interface StandInSystemd {
  directory: string;
  /** Where units lie. */
  units: string;
  run: RunProgram;
  /** The words of each call of systemctl so far. */
  calls(): string[];
  /** A program that says that it is ready and stays. */
  program: string;
}

/** A manager of services of its own (`systemctl.py` says what of systemd it is); what it runs ends with the test. */
export function standInSystemd(): StandInSystemd {
  const directory = mkdtempSync(join(tmpdir(), "ws-systemd-"));
  const units = join(directory, "units");
  const bin = join(directory, "bin");
  for (const each of [units, bin]) mkdirSync(each);
  symlinkSync(systemctl, join(bin, "systemctl"));
  const env = {
    HOME: directory,
    // The system's own Python before one that a shell script has to find first.
    PATH: `${bin}:/usr/bin:${process.env["PATH"]}`,
    STAND_IN_PLACE: directory,
    STAND_IN_UNITS: units,
  };
  const run: RunProgram = (file, args) =>
    new Promise((resolve) => {
      execFile(file, [...args], { env }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 127;
        resolve({ code, stdout, stderr });
      });
    });
  const program = join(directory, "program");
  writeFileSync(program, `#!/bin/sh\necho "$@" >"$HOME/words"\nsystemd-notify --ready\nexec sleep 1000\n`);
  chmodSync(program, 0o755);
  onTestFinished(() => {
    const state = join(directory, "state");
    const { pid } = existsSync(state) ? (JSON.parse(readFileSync(state, "utf8")) as { pid: number }) : { pid: 0 };
    if (pid > 0) process.kill(pid, "SIGKILL");
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const calls = () => readFileSync(join(directory, "calls"), "utf8").trim().split("\n");
  return { directory, units, run, calls, program };
}
