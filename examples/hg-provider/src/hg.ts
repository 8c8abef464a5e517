import { execFile } from "node:child_process";

/** Runs hg on a repository of the worker, without anybody's configuration or prompts; an exit code is a result. */
export function hg(
  repository: string,
  argv: readonly string[],
  signal?: AbortSignal,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HGPLAIN: "1", HGRCPATH: "", LC_ALL: "C.UTF-8" };
  const argument = [`--repository=${repository}`, "--noninteractive", ...argv];
  return new Promise((resolve, reject) => {
    execFile(
      "hg",
      argument,
      { cwd: "/", env, ...(signal === undefined ? {} : { signal }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : (error as { code?: unknown }).code;
        if (typeof code === "number") resolve({ code, stdout, stderr });
        else reject(error ?? new Error("hg ended without a code"));
      },
    );
  });
}
