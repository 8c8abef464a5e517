import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitHubForge } from "@ws/git-provider";
import { startGitHubServer, type GitHubRepository, type GitHubServer } from "@ws/git-provider/testing";
import type { Log } from "@ws/workspace-core";
import type { Credentials, WorkspaceServiceConfig } from "../config.ts";
import type { WorkspaceEvent } from "../events.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "../system.ts";
import { WorkspaceService } from "../workspace-service.ts";

export interface Subject extends AsyncDisposable {
  github: GitHubServer;
  directory: string;
  /** Of a person who may push. */
  token: string;
  /** The configuration of services here, and what a test adds. */
  config(more?: Partial<WorkspaceServiceConfig>): WorkspaceServiceConfig;
  /** A service over the directory; the one before is closed first. */
  service(more?: Partial<WorkspaceServiceConfig>, credentials?: Credentials, log?: Log): Promise<WorkspaceService>;
  repository(options?: { private?: boolean; name?: string }): Promise<GitHubRepository>;
  /** Of all services here, oldest first. */
  readonly events: readonly WorkspaceEvent[];
}

let count = 0;

/** A GitHub of its own with real git behind it, and services in a directory of their own. */
export async function createSubject(sandbox: "bubblewrap" | "none" = "none"): Promise<Subject> {
  const github = await startGitHubServer();
  const root = mkdtempSync(join(tmpdir(), "ws-service-"));
  const directory = join(root, "workspaces");
  const services: WorkspaceService[] = [];
  const events: WorkspaceEvent[] = [];
  const config = (more: Partial<WorkspaceServiceConfig> = {}): WorkspaceServiceConfig => ({
    workspacesDir: directory,
    sandbox,
    ca: [github.ca],
    forges: [forgeOf(github)],
    identity: { name: "Ada", email: "ada@example.test" },
    ...more,
  });
  return {
    github,
    directory,
    token: github.token("ada"),
    config,
    events,
    async service(more, credentials, log = QUIET_LOG) {
      await services.at(-1)?.close();
      const service = new WorkspaceService(config(more), credentials, log);
      services.push(service);
      service.onEvent((event) => events.push(event));
      await service.initialize();
      return service;
    },
    repository: ({ private: isPrivate = false, name = `repo-${++count}` } = {}) =>
      github.repository(`org/${name}`, { private: isPrivate, collaborators: ["ada", "tech-lead"], teams: ["core"] }),
    async [Symbol.asyncDispose]() {
      await using ending = new AsyncDisposableStack();
      ending.defer(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
      ending.use(github);
      const last = services.at(-1) ?? new WorkspaceService(config());
      await removeAll(last);
    },
  };
}

export function forgeOf(github: Pick<GitHubServer, "url" | "apiUrl" | "ca">) {
  const { url, apiUrl, ca } = github;
  return createGitHubForge({ url, apiUrl, ca: [ca], clock: SYSTEM_CLOCK, log: QUIET_LOG, spaced: false, retryMs: 10 });
}

async function removeAll(service: WorkspaceService): Promise<void> {
  await using _closing = service;
  try {
    for (const { id } of service.list()) await service.cleanup(id, { force: true });
  } catch {
    // A test that closed it has left nothing that runs.
  }
}

/** Runs to the end in a workspace, with its output as text. */
export async function sh(service: WorkspaceService, id: string, script: string): Promise<string> {
  const running = await service.run(id, ["sh", "-c", script]);
  const text = async (source: AsyncIterable<Uint8Array>): Promise<string> => {
    let said = "";
    for await (const part of source) said += Buffer.from(part).toString();
    return said;
  };
  const [exit, stdout, stderr] = await Promise.all([running.exit, text(running.stdout), text(running.stderr)]);
  if (exit.code !== 0) throw new Error(`${script}: ${stderr}`);
  return stdout.trim();
}
