import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Looks at all processes of the machine, over and over, for a text in their arguments and environments. */
export function watchProcesses(text: string): { stop(): string[] } {
  const found = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
      for (const file of ["cmdline", "environ"]) {
        if (read(join("/proc", pid, file)).includes(text))
          found.add(`${pid} ${file} ${read(join("/proc", pid, "comm"))}`);
      }
    }
  };
  const timer = setInterval(look, 5);
  return {
    stop() {
      clearInterval(timer);
      look();
      return [...found];
    },
  };
}

/** The files below a directory that hold a text. */
export function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile() === true)
    .filter((name) => read(join(directory, name)).includes(text))
    .sort();
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
