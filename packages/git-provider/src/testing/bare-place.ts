import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isWsError, type ProviderContext, type WsError } from "@ws/workspace-core";
import { createMemoryProjects } from "@ws/workspace-core/testing";
import { createBareGitProvider } from "../providers/bare-git.ts";
import type { Identity } from "../providers/bare-repositories.ts";

export const PATH = process.env["PATH"] ?? "";

export async function git(cwd: string, ...argv: string[]): Promise<string> {
  const env = { PATH, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.test"];
  const { stdout } = await promisify(execFile)("git", [...identity, ...argv], { cwd, env });
  return stdout.trim();
}

/** A worker with one directory of repositories, and `#git` over it. */
export async function makePlace({
  identity = (): Identity | undefined => ({ name: "Ada", email: "ada@example.test" }),
} = {}) {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ws-bare-")));
  const directory = join(path, "state");
  const root = join(path, "root");
  await mkdir(root);
  const projects = createMemoryProjects();
  const context: ProviderContext = { cwd: root, mayUseHost: false, mayCreate: true };
  return {
    path,
    directory,
    root,
    projects,
    context,
    provider: createBareGitProvider({
      projects,
      home: path,
      directory,
      roots: () => [root],
      workspaces: join(root, "workspaces"),
      identity,
      path: PATH,
    }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
export type Place = Awaited<ReturnType<typeof makePlace>>;

export async function failure(work: Promise<unknown>): Promise<WsError> {
  try {
    await work;
  } catch (error) {
    if (isWsError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

export const resolve = async ({ provider, context }: Place, ref: string, more: Partial<ProviderContext> = {}) =>
  provider.resolveRef(ref, "git", { ...context, ...more });
