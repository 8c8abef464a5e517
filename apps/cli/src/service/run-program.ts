import { execFile } from "node:child_process";

/** Runs a program of this machine to its end; 127 is the code of one that is not there. Never rejects. */
export type RunProgram = (
  file: string,
  args: readonly string[],
) => Promise<{ code: number; stdout: string; stderr: string }>;

export const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    execFile(file, [...args], { timeout: LONGEST_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : error.code === "ENOENT" ? 127 : 1;
      resolve({ code, stdout, stderr: stderr === "" && error !== null ? error.message : stderr });
    });
  });

/** A start is waited for, and a worker with much to take up takes its time. */
const LONGEST_MS = 180_000;
