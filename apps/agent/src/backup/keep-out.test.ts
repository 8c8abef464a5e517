import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { refusal } from "../testing/refusal.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { restoreBackup, writeBackup } from "./index.ts";
import { directoryOfItsOwn, NOW } from "./testing/worker-directory.ts";

/** A worker's directory, which agents and backups take turns with. */
function place() {
  const base = directoryOfItsOwn();
  const configDir = join(base, "config");
  const file = join(base, "worker.backup");
  const within = async <T>(work: (agent: TestAgent) => Promise<T>): Promise<T> => {
    await using agent = await startTestAgent({ configDirectory: configDir });
    return await work(agent);
  };
  /** What no procedure does without a tailnet, and what years do. */
  const inState = (sql: string): void => {
    const db = new DatabaseSync(join(configDir, "state.db"));
    db.exec(sql);
    db.close();
  };
  return { configDir, file, within, inState };
}

const node = (id: string, denied: number): string =>
  `INSERT INTO tailnet_nodes (id, name, login, created_at, last_used_at, denied)
   VALUES ('${id}', '${id}', 'ada@x.test', 1, 1, ${denied}) ON CONFLICT (id) DO UPDATE SET denied = excluded.denied`;

describe("a backup is older than what was revoked since", () => {
  test("who was revoked after it is not let in again by it, and who was not still is, under its present name", async () => {
    const { configDir, file, within, inState } = place();
    const made = await within(async ({ local }) => {
      const [gone, kept] = [await local.tokens.create({ name: "gone" }), await local.tokens.create({ name: "kept" })];
      const { token: device } = await local.auth
        .link()
        .then(({ url }) => local.auth.exchange({ code: url.split("#code=")[1] ?? "", platform: "Firefox" }));
      const { token: uplink } = await local.workers.add({ name: "desk" });
      return { gone: gone.token, kept: kept.token, device, uplink };
    });
    inState(node("laptop", 0));
    inState(node("phone", 0));
    await writeBackup(configDir, file, { now: NOW });
    const late = await within(async ({ local }) => {
      await local.tokens.revoke({ token: "gone" });
      await local.devices.revoke({ device: "browser" });
      await local.workers.remove({ worker: "desk" });
      return (await local.tokens.create({ name: "late" })).token;
    });
    inState(node("phone", 1));
    const { access } = await restoreBackup(configDir, file, { now: Date.now() });
    expect(access).toEqual({
      compared: true,
      leftOut: expect.arrayContaining(["gone", "browser"]) as string[],
      shutOut: ["late"],
      letIn: [
        { name: "kept", kind: "token", scope: "write" },
        { name: "laptop", kind: "tailnet", scope: "ada@x.test" },
      ],
    });
    await within(async ({ remote, local }) => {
      for (const token of [made.gone, made.device, made.uplink, late]) {
        expect(await refusal(remote(token).info())).toBe("UNAUTHORIZED unauthorized");
      }
      expect((await remote(made.kept).auth.whoami()).who).toContain("kept");
      expect(await local.workers.list()).toEqual([]);
      expect((await local.devices.list()).map(({ name }) => name)).toEqual(["laptop"]);
    });
  });

  test("also one that was revoked so long ago that the worker has forgotten it", async () => {
    const { configDir, file, within, inState } = place();
    await within(({ local }) => local.tokens.create({ name: "gone" }));
    await writeBackup(configDir, file, { now: NOW });
    await within(({ local }) => local.tokens.revoke({ token: "gone" }));
    inState("DELETE FROM ended_tokens");
    const { access } = await restoreBackup(configDir, file, { now: NOW });
    expect(access).toMatchObject({ leftOut: ["gone"], letIn: [] });
  });

  test("a right of a workspace to a repository that was taken back since is not given again", async () => {
    const { configDir, file, within, inState } = place();
    await within(async ({ local }) => expect(await local.workspaces.list()).toEqual([]));
    const grant = (id: string, content: string, ended: number | null): string =>
      `INSERT OR REPLACE INTO grants (id, workspace, created_at, ended_at, content) VALUES ('${id}', 'w', 1, ${ended}, '${content}')`;
    for (const id of ["kept", "revoked", "forgotten"]) inState(grant(id, "{}", null));
    await writeBackup(configDir, file, { now: NOW });
    inState(grant("revoked", '{"revokedAt":2}', 2));
    inState("DELETE FROM grants WHERE id = 'forgotten'");
    await restoreBackup(configDir, file, { now: NOW });
    const db = new DatabaseSync(join(configDir, "state.db"), { readOnly: true });
    const left = db.prepare("SELECT id, ended_at, content FROM grants ORDER BY id").all();
    db.close();
    expect(left.map((row) => Object.values(row))).toEqual([
      ["kept", null, "{}"],
      ["revoked", 2, '{"revokedAt":2}'],
    ]);
  });

  test("where another worker's state is replaced, or none that can be read, everybody of the backup is let in, and that is told", async () => {
    const [first, second] = [place(), place()];
    const { token } = await first.within(({ local }) => local.tokens.create({ name: "laptop" }));
    await writeBackup(first.configDir, first.file, { now: NOW });
    await second.within(({ local }) => local.tokens.create({ name: "others" }));
    const replaced = await restoreBackup(second.configDir, first.file, { now: NOW });
    expect(replaced.access).toMatchObject({ leftOut: [], shutOut: ["others"], letIn: [{ name: "laptop" }] });
    await second.within(async ({ remote }) => expect((await remote(token).auth.whoami()).scope).toBe("write"));
    rmSync(second.configDir, { recursive: true });
    const alone = await restoreBackup(second.configDir, first.file, { now: NOW });
    expect(alone.access).toMatchObject({ compared: false, letIn: [{ name: "laptop" }] });
  });
});

test("a state that an earlier version wrote is brought to this one's, and leaves no copy of itself", async () => {
  const { configDir, file, within, inState } = place();
  mkdirSync(configDir, { mode: 0o700 });
  openDatabase(join(configDir, "state.db"), createSilentLog(), MIGRATIONS.slice(0, 1)).close();
  inState("INSERT INTO tokens (id, name, scope, hash, created_at) VALUES ('tok-1', 'laptop', 'write', x'01', 1)");
  await writeBackup(configDir, file, { now: NOW });
  rmSync(configDir, { recursive: true });
  expect((await restoreBackup(configDir, file, { now: NOW })).access.letIn).toHaveLength(1);
  expect(readdirSync(configDir).filter((name) => name.startsWith("state.db"))).toEqual(["state.db"]);
  await within(async ({ local }) => expect(await local.tokens.list()).toHaveLength(1));
});
