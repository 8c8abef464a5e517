import { type ExecFileOptions, execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a program to its end and resolves to what it printed, trimmed. Rejects, with its last words, unless it ends with 0. */
export async function output(file: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  try {
    const { stdout } = await run(file, args, { maxBuffer: 64 * 1024 * 1024, ...options });
    return String(stdout).trim();
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    const { code, stderr = "" } = error as { code?: string | number; stderr?: string };
    const words = stderr.trim().split("\n").slice(-3).join(" ");
    throw new Error(`${file} ${args[0] ?? ""} ended with ${code ?? "an error"}: ${words}`, { cause: error });
  }
}
