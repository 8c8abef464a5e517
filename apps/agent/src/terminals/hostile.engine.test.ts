import { randomBytes } from "node:crypto";
import { createGit } from "@ws/git-provider";
import { startGitServer, type GitServer } from "@ws/git-provider/testing";
import { createTerminals, createWorkspaces, type Box, type Workspaces } from "@ws/workspace-core";
import { createMemoryStore } from "@ws/workspace-core/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { dockerRuntime } from "../testing/terminal-place.ts";
import { createHubs } from "./hubs.ts";

/*
 * What the user of a workspace can do from inside to the agent that holds it.
 */

const instance = `test-${randomBytes(5).toString("hex")}`;
const clock = createSystemClock();
const store = createMemoryStore();
const log = createSilentLog();
const runtime = dockerRuntime(instance);
let server: GitServer;
let url: string;

beforeAll(async () => {
  server = await startGitServer();
  url = (await server.create("acme/app")).url;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const { id } of await runtime.list()) await runtime.remove(id);
  await runtime.teardown();
});

/** An agent's core over the state and the engine of the one before. */
function agent(): Workspaces {
  const workspaces = createWorkspaces({
    runtimes: [runtime],
    store,
    git: createGit({ log, ca: [server.ca] }),
    clock,
    setup: { environment: async () => ({}), scripts: async () => [] },
    disk: { free: async () => ({ bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 }) },
    log,
    newId: () => `ws-${randomBytes(5).toString("hex")}`,
    openTerminals: (box) => createTerminals(box, { clock }),
  });
  onTestFinished(() => workspaces[Symbol.asyncDispose]());
  return workspaces;
}

async function script(box: Box, code: string): Promise<void> {
  expect(await (await box.run(["sh", "-c", code])).exit).toEqual({ code: 0 });
}

test("A workspace whose git configuration never ends restarts all the same, and is stopped and deleted at once", async () => {
  const workspaces = agent();
  await workspaces.create({ name: "pipe", clone: url });
  await script(await workspaces.box("pipe"), "rm -f ~/.gitconfig && mkfifo ~/.gitconfig");
  expect((await workspaces.restart("pipe")).power).toBe("running");
  expect(await (await workspaces.run("pipe", ["true"])).exit).toEqual({ code: 0 });

  const next = agent();
  await next.reconcile();
  const entering = next.run("pipe", ["true"]);
  entering.catch(() => undefined);
  expect((await next.stop("pipe")).power).toBe("stopped");
  await expect(entering).rejects.toMatchObject({ code: "workspace_not_running" });
  const starting = next.start("pipe");
  starting.catch(() => undefined);
  await expect
    .poll(() => next.get("pipe").startup.find(({ id }) => id === "connect")?.status, { timeout: 20_000 })
    .toBe("running");
  await next.delete("pipe", { force: true });
  expect(await runtime.list()).toEqual([]);
});

test("A terminal whose files its own program wrote over is shown, and holds the agent up no moment", async () => {
  const first = agent();
  await first.create({ name: "files" });
  const directory = "~/.local/state/ws/terminals";
  const terminals = await first.terminals("files");
  await terminals.open({ id: "main", size: { cols: 80, rows: 24 } });
  await script(
    await first.box("files"),
    `cd ${directory} && echo x >main/start && mkdir made-up && cd made-up &&
     echo 1 x >meta && echo x >start && echo y >log && echo 0 z >exit`,
  );
  const workspaces = agent();
  using hubs = createHubs(clock);
  const hub = await hubs.attach({
    workspace: "files",
    terminals: () => workspaces.terminals("files"),
    terminal: "main",
    create: false,
    size: { cols: 80, rows: 24 },
  });
  const before = process.memoryUsage().rss;
  await script(
    await workspaces.box("files"),
    `cd ${directory}/main && ln -sfn /dev/zero start && printf 'a\\0b' >>log`,
  );
  const seen: Uint8Array[] = [];
  for await (const { bytes } of hub.log.read(0)) {
    seen.push(bytes);
    if (Buffer.concat(seen).includes("a\0b")) break;
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  await expect(
    hubs.attach({
      workspace: "files",
      terminals: () => workspaces.terminals("files"),
      terminal: "made-up",
      create: false,
      size: { cols: 80, rows: 24 },
    }),
  ).rejects.toMatchObject({ code: "terminal_not_found" });
  await workspaces.delete("files");
});
