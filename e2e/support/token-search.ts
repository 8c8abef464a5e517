import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Every form in which a secret could lie somewhere. */
export function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(`x-access-token:${secret}`).toString("base64").replace(/=+$/, ""),
  ];
}

/** Files below these directories that hold the secret in any form. */
export async function filesWith(secret: string, directories: readonly string[]): Promise<string[]> {
  const searching = run("grep", ["-rlaF", "-f", "-", "--", ...directories], { maxBuffer: 1e8 });
  searching.child.stdin?.end(formsOf(secret).join("\n"));
  const found = await searching.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }));
  return found.stdout.split("\n").filter((line) => line !== "");
}

/**
 * A bash script for inside a workspace that prints the files with any line of its standard input in them: of the home, and of
 * the system where it is the workspace's own.
 */
export function searchInside(runtime: "docker" | "local"): string {
  const system = runtime === "docker" ? "/tmp /etc /var /run /root /opt /srv" : "";
  return `patterns=$(cat)
mapfile -d '' files < <(find "$HOME" ${system} -xdev -type f -size -4M -print0 2>/dev/null)
for ((at = 0; at < \${#files[@]}; at += 500)); do
  printf '%s\\n' "$patterns" | grep -laF -f - -- "\${files[@]:at:500}" 2>/dev/null
done; true`;
}

/** Looks at the arguments and the environment of every process of the machine until it is disposed. */
export function sampleProcesses(
  secret: string,
  ignore: (pid: string) => boolean,
): AsyncDisposable & { hits: string[] } {
  const forms = formsOf(secret);
  const hits: string[] = [];
  let on = true;
  const look = async (): Promise<void> => {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && !ignore(name))) {
      for (const file of ["cmdline", "environ"]) {
        const text = await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "");
        if (forms.some((form) => text.includes(form))) hits.push(`${file} of ${pid}: ${text.slice(0, 200)}`);
      }
    }
  };
  const sampling = (async () => {
    while (on) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    hits,
    async [Symbol.asyncDispose]() {
      on = false;
      await sampling;
    },
  };
}
