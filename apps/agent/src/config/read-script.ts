import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** More than any script that somebody wrote. */
export const MOST_BYTES = 1024 * 1024;

/** A script of the worker, or why it cannot be run, as a sentence; undefined where nothing is there. */
export async function readScript(path: string): Promise<{ content: Buffer } | { problem: string } | undefined> {
  try {
    // Opening a pipe must not wait for whoever would write into it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isDirectory()) return { problem: `The script ${path} is a directory: name the files in it one by one.` };
    if (!found.isFile()) return { problem: `The script ${path} is not a file.` };
    if (found.size > MOST_BYTES) return { problem: tooLarge(path) };
    const content = await file.readFile();
    const problem = problemOfScript(path, content);
    return problem === undefined ? { content } : { problem };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { problem: `The script ${path} cannot be read: ${(error as Error).message}.` };
  }
}

/** Why a script of this content could not be run, as a sentence that calls it `called`. */
export function problemOfScript(called: string, content: Buffer): string | undefined {
  if (content.length > MOST_BYTES) return tooLarge(called);
  const [first = ""] = content.subarray(0, 4_096).toString("latin1").split("\n", 1);
  if (!first.startsWith("#!")) {
    return `The script ${called} does not say what runs it: its first line has to be one like #!/bin/sh.`;
  }
  if (!first.endsWith("\r")) return undefined;
  return `The script ${called} has the line ends of Windows, with which nothing runs it: write it anew with those of Unix.`;
}

function tooLarge(called: string): string {
  return `The script ${called} is larger than 1 MiB.`;
}
