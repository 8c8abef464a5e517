import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Doom } from "./testing/doomed-service.ts";
import { createSubject, type Subject } from "./testing/subject.ts";

const run = promisify(execFile);
const WAIT = { timeout: 60_000 };
const FINALIZE = {
  push: true,
  createPr: true,
  pr: { title: "Work", labels: ["done"], reviewers: ["tech-lead"] },
  uncommitted: "commit",
  commitMessage: "Work",
  cleanup: true,
} as const;

/** A service in a process of its own, which kills itself where it is told. */
async function killed(s: Subject, repo: string, more: Pick<Doom, "at"> & Partial<Doom>): Promise<void> {
  const { directory, token } = s;
  const { url, apiUrl, ca } = s.github;
  const doom: Doom = {
    directory,
    token,
    repo,
    github: { url, apiUrl, ca },
    sandbox: "none",
    finalize: FINALIZE,
    ...more,
  };
  const file = fileURLToPath(new URL("./testing/doomed-service.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", file, JSON.stringify(doom)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
}

const workspacesIn = (directory: string): string[] => readdirSync(directory).filter((name) => /^\.?ws-/.test(name));

test.each([
  "create prepare",
  "create credentials",
  "create create",
  "create start",
  "create connect",
  "create clone",
  "create scripts",
])("a provision that is killed at '%s' is taken back whole by the next service (SIGKILL)", async (at) => {
  await using s = await createSubject();
  const repository = await s.repository({ private: true });
  await killed(s, repository.url, { at });
  const service = await s.service();
  const [left, ...more] = service.getForExecution("exec-doomed");
  expect(more).toEqual([]);
  expect(left).toMatchObject({ status: "error", error: { code: "interrupted" } });
  expect(left).not.toHaveProperty("credential");
  expect(workspacesIn(s.directory)).toEqual([]);
  expect(readdirSync(`${s.directory}/.state/tokens`)).toEqual([]);
  expect(await service.cleanupForExecution("exec-doomed")).toEqual([{ id: left?.id, kept: false }]);
  expect(service.list()).toEqual([]);
});

test.each(["finalize commit", "finalize push", "finalize pull_request", "finalize cleanup", "delete"])(
  "a finalization that is killed at '%s' is brought to its end by the next service, with one pull request (SIGKILL)",
  async (at) => {
    await using s = await createSubject();
    const repository = await s.repository({ private: true });
    await killed(s, repository.url, { at });
    const service = await s.service();
    await expect.poll(() => service.list().map(({ status }) => status), WAIT).toEqual([]);
    const [gone] = service.list({ cleanedUp: true });
    expect(gone).toMatchObject({
      status: "cleaned_up",
      branch: { pullRequest: { number: 1, state: "open", title: "Work" } },
    });
    expect(repository.pulls).toHaveLength(1);
    expect(workspacesIn(s.directory)).toEqual([]);
    expect(readdirSync(`${s.directory}/.state/tokens`)).toEqual([]);
  },
);

test("what was to be done on completion is done after a kill, too, before the cleanup (SIGKILL)", async () => {
  await using s = await createSubject();
  const repository = await s.repository({ private: true });
  const onComplete = {
    command: 'git commit -q --allow-empty -m "after #$WORKSPACE_PR_NUMBER" && git push -q origin HEAD',
  };
  await killed(s, repository.url, { at: "finalize pull_request", onComplete });
  const service = await s.service();
  await expect.poll(() => service.list().map(({ status }) => status), WAIT).toEqual([]);
  const [gone] = service.list({ cleanedUp: true });
  expect(repository.pulls).toHaveLength(1);
  const { stdout } = await run("git", ["-C", repository.path ?? "", "log", "--format=%s", gone?.branch.name ?? ""]);
  expect(stdout.split("\n")[0]).toBe("after #1");
});
