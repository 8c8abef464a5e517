import { randomBytes } from "node:crypto";
import { createWorkspaces, type Box, type GivenFile } from "@ws/workspace-core";
import { createFakeGit, createMemoryStore } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { dockerRuntime } from "../testing/terminal-place.ts";

test("a key that goes to ~/.ssh of a container arrives with its mode, and not as root in /etc where that is a link there (docker cp through ~/.ssh -> /etc)", async () => {
  const random = randomBytes(5).toString("hex");
  const runtime = dockerRuntime(`test-${random}`);
  await using parts = new AsyncDisposableStack();
  parts.defer(() => runtime.teardown());
  const content = new TextEncoder().encode("private");
  const files: GivenFile[] = [{ target: "~/.ssh/evilkey", content, mode: 0o600 }];
  const workspaces = parts.use(
    createWorkspaces({
      runtimes: [runtime],
      store: createMemoryStore(),
      git: createFakeGit(),
      setup: { environment: async () => ({}), scripts: async () => [], files: async () => files },
      disk: { free: async () => ({ bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 }) },
      clock: createSystemClock(),
      log: createSilentLog(),
      newId: () => `ws-${random}`,
      openTerminals: () => Promise.reject(new Error("no terminals here")),
    }),
  );
  const name = `files-${random}`;
  await workspaces.create({ name });
  parts.defer(() => workspaces.delete(name, { force: true }));
  const { user } = await workspaces.box(name);
  // A restart ends the Box of before.
  const said = async (script: string): Promise<string> => run(await workspaces.box(name), script);
  expect(await said("stat -c '%a %U' ~/.ssh/evilkey; stat -c %a ~/.ssh; cat ~/.ssh/evilkey")).toBe(
    `600 ${user}\n700\nprivate`,
  );
  for (const target of ["/etc", "$HOME/elsewhere"]) {
    await said(`rm -rf ~/.ssh && mkdir -p ~/elsewhere && ln -s ${target} ~/.ssh`);
    await workspaces.restart(name);
    expect(await said("ls -d /etc/evilkey ~/elsewhere/evilkey 2>/dev/null; readlink ~/.ssh")).not.toContain("evilkey");
  }
  expect(workspaces.get(name).power).toBe("running");
});

async function run(box: Box, script: string): Promise<string> {
  const process = await box.run(["sh", "-c", script]);
  let said = "";
  for await (const bytes of process.stdout) said += Buffer.from(bytes).toString();
  await process.exit;
  return said;
}
