import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";
import { restoreBackup } from "./index.ts";
import { NOW, worker } from "./testing/worker-directory.ts";

test("what is newer than a backup is named with where it stays: volumes, directories that are there, and repositories", async () => {
  const { configDir, file } = await worker();
  const made = await (async () => {
    await using agent = await startTestAgent({ configDirectory: configDir });
    const { create, delete: remove } = agent.local.workspaces;
    const build = await create({ name: "build" });
    const nested = await create({ name: "nested" });
    const here = await create({ name: "here", runtime: "local" });
    const never = await create({ name: "never" });
    await create({ name: "gone" });
    await remove({ name: "gone" });
    return { build, nested, here, never };
  })();
  // What no fake runtime makes: an engine within, directories, and a create whose home was taken back.
  const directory = join(configDir, "elsewhere", made.here.id);
  const home = join(configDir, "elsewhere", `.${made.here.id}`, "home");
  for (const path of [directory, home, join(configDir, "git", "later.git")]) mkdirSync(path, { recursive: true });
  using db = new DatabaseSync(join(configDir, "state.db"));
  const change = db.prepare("UPDATE workspaces SET record = json_patch(record, ?) WHERE name = ?");
  change.run(JSON.stringify({ docker: true }), "nested");
  change.run(JSON.stringify({ directory }), "here");
  change.run(JSON.stringify({ directory: null }), "never");
  db.close();

  const { before = "", newer } = await restoreBackup(configDir, file, { now: NOW });
  const volume = (id: string, what: string): string => `workspace-${id}-${what}`;
  expect(newer).toEqual({
    workspaces: [
      { name: "build", id: made.build.id, home: { kind: "volumes", places: [volume(made.build.id, "home")] } },
      { name: "here", id: made.here.id, home: { kind: "directories", places: [directory, home] } },
      {
        name: "nested",
        id: made.nested.id,
        home: { kind: "volumes", places: [volume(made.nested.id, "home"), volume(made.nested.id, "docker")] },
      },
    ],
    repositories: [{ name: "later", path: join(before, "git", "later.git") }],
  });
});

test("nothing is said of a state that cannot be read, nor of directories that are gone", async () => {
  const { configDir, file } = await worker();
  await using agent = await startTestAgent({ configDirectory: configDir });
  await agent.local.workspaces.create({ name: "here", runtime: "local" });
  await agent[Symbol.asyncDispose]();
  expect((await restoreBackup(configDir, file, { now: NOW })).newer.workspaces).toEqual([]);
  rmSync(join(configDir, "state.db"));
  mkdirSync(join(configDir, "state.db"));
  expect((await restoreBackup(configDir, file, { now: NOW })).newer.workspaces).toEqual([]);
});
