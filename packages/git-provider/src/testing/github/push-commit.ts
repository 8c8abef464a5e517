import { spawn } from "node:child_process";
import { once } from "node:events";

/** Commits one file to a branch of a bare repository; the branch is made from the base where it is not there. */
export async function pushCommit(
  repository: string,
  { branch, base, path, content }: { branch: string; base: string; path: string; content: string },
): Promise<void> {
  const env = { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const running = { cwd: repository, env };
  const probe = spawn("git", ["show-ref", "--quiet", `refs/heads/${branch}`], { ...running, stdio: "ignore" });
  const [missing] = (await once(probe, "exit")) as [number];
  const child = spawn("git", ["fast-import", "--quiet"], { ...running, stdio: ["pipe", "ignore", "inherit"] });
  const said = Buffer.from(`Change ${path}\n`);
  const text = Buffer.from(content);
  child.stdin.end(
    [
      `commit refs/heads/${branch}`,
      "committer Tester <tester@example.test> 1760000000 +0000",
      `data ${said.length}`,
      `${said.toString()}from refs/heads/${missing === 0 ? branch : base}^0`,
      `M 100644 inline ${JSON.stringify(path)}`,
      `data ${text.length}`,
      `${text.toString()}\n`,
    ].join("\n"),
  );
  const [code] = (await once(child, "exit")) as [number];
  if (code !== 0) throw new Error(`git fast-import ended with ${code} in ${repository}.`);
}
