import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** More than any script that somebody wrote. */
const MOST_BYTES = 1024 * 1024;

/** A script of the worker, or why it cannot be run, as a sentence; undefined where nothing is there. */
export async function readScript(path: string): Promise<{ content: Buffer } | { problem: string } | undefined> {
  try {
    // Opening a pipe must not wait for whoever would write into it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isDirectory()) return { problem: `The script ${path} is a directory: name the files in it one by one.` };
    if (!found.isFile()) return { problem: `The script ${path} is not a file.` };
    if (found.size > MOST_BYTES) return { problem: `The script ${path} is larger than 1 MiB.` };
    const content = await file.readFile();
    const [first = ""] = content.subarray(0, 4_096).toString("latin1").split("\n", 1);
    if (!first.startsWith("#!")) {
      return { problem: `The script ${path} does not say what runs it: its first line has to be one like #!/bin/sh.` };
    }
    if (first.endsWith("\r")) {
      return {
        problem: `The script ${path} has the line ends of Windows, with which nothing runs it: write it anew with those of Unix.`,
      };
    }
    return { content };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { problem: `The script ${path} cannot be read: ${(error as Error).message}.` };
  }
}
