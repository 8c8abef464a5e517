import { isWsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { createAdapters } from "../runtimes/adapters.ts";
import { knownGitHub } from "../testing/known-github.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { openDatabase } from "../store/database.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { createLeaseStore } from "./lease-store.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

async function start(configDirectory?: string, fakes = createFakeAdapters()): Promise<TestAgent> {
  return startTestAgent({
    env: { PATH: process.env["PATH"] ?? "" },
    adapters: (options) => ({ ...fakes, providers: createAdapters({ ...options, forges: [knownGitHub()] }).providers }),
    ...(configDirectory === undefined ? {} : { configDirectory }),
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as { data?: { code?: string } },
  );
  return isWsError(error) ? error.code : (error?.data?.code ?? "none");
}

const reference = "#gh:org/app";

describe("leases, through the agent", () => {
  test("hand out a workspace of its own to each holder, with the variables of its launch", async () => {
    await using agent = await start();
    const { local } = agent;
    const [one, two] = await Promise.all([
      local.leases.acquire({ reference, holder: "a" }),
      local.leases.acquire({ reference, holder: "b" }),
    ]);
    const workspaces = [one.workspace, two.workspace].sort();
    expect(workspaces).toEqual(["app-1", "app-2"]);
    expect(one).toMatchObject({ stage: "handed_over", holder: "a", project: "app" });
    expect(one.environment).toMatchObject({ WS_GH_PRE_ALLOCATED: "1", WS_GH_WORKSPACE_NUM: String(one.number) });
    const said = await local.workspaces.exec({ name: one.workspace, command: "env WS_GH_WORKSPACE_NUM" });
    expect(said.stdout).toBe(String(one.number));
    expect(await local.workspaces.get({ name: "app-1" })).toMatchObject({ repo: "https://github.com/org/app" });
    expect((await local.leases.list()).map(({ workspace }) => workspace)).toEqual(["app-1", "app-2"]);
  });

  test("can have the profile of what a task makes, which reaches only what is on a list (row 23)", async () => {
    await using agent = await start();
    const { local } = agent;
    const { workspace: name } = await local.leases.acquire({ reference, profile: "agent" });
    expect(await local.workspaces.get({ name })).toMatchObject({ profile: "agent" });
    expect(await local.egress.get({ name })).toMatchObject({ network: "listed" });
    const open = await local.leases.acquire({ reference });
    expect(await local.egress.get({ name: open.workspace })).toMatchObject({ network: "open" });
  });

  test("are given back once, and their workspaces go", async () => {
    await using agent = await start();
    const { local } = agent;
    const { id } = await local.leases.acquire({ reference });
    expect(await local.leases.release({ lease: id })).toEqual({ released: true });
    expect(await local.leases.release({ lease: id })).toEqual({ released: false });
    expect([await local.leases.list(), await local.workspaces.list()]).toEqual([[], []]);
    expect((await local.leases.acquire({ reference })).number).toBe(1);
  });

  test("keep their workspace through a cleanup, and end with it where it is deleted", async () => {
    await using agent = await start();
    const { local } = agent;
    const { id, workspace } = await local.leases.acquire({ reference, holder: "nightly" });
    const kept = { kept: true, reason: "leased", holder: "a lease of nightly", lease: id };
    expect(await local.workspaces.cleanup({ name: workspace })).toMatchObject(kept);
    expect(await local.workspaces.cleanup({ name: workspace, force: true })).toMatchObject(kept);
    await local.workspaces.delete({ name: workspace });
    await expect.poll(() => local.leases.list()).toEqual([]);
    expect((await local.leases.acquire({ reference })).number).toBe(1);
  });

  test("whose workspace went while no agent ran are over", async () => {
    using home = tempDir();
    const configDirectory = `${home.path}/config`;
    const fakes = createFakeAdapters();
    const first = await start(configDirectory, fakes);
    await first.local.leases.acquire({ reference });
    await first.agent.close();
    const db = openDatabase(`${configDirectory}/state.db`, createSilentLog());
    const store = createLeaseStore(db);
    for (const lease of store.list()) store.update({ ...lease, workspaceId: "ws-gone" });
    db.close();
    await using second = await start(configDirectory, fakes);
    expect(await second.local.leases.list()).toEqual([]);
  });

  test("are not found by what is no lease", async () => {
    await using agent = await start();
    expect(await codeOf(agent.local.leases.release({ lease: "lease-none" }))).toBe("lease_not_found");
  });

  test("keep to what the project allows", async () => {
    await using agent = await start();
    const { local } = agent;
    await local.projects.add({ name: "app", url: "https://github.com/org/app", maxWorkspaces: 1 });
    const { id } = await local.leases.acquire({ reference });
    expect(await codeOf(local.leases.acquire({ reference }))).toBe("lease_unavailable");
    const waiting = local.leases.acquire({ reference, wait: true });
    await local.leases.release({ lease: id });
    expect((await waiting).number).toBe(1);
  });

  test("leave a workspace alone that somebody made under such a name", async () => {
    await using agent = await start();
    const { local } = agent;
    const theirs = await local.workspaces.create({ name: "app-1" });
    const lease = await local.leases.acquire({ reference });
    expect(lease.workspace).toBe("app-2");
    expect((await local.workspaces.get({ name: "app-1" })).id).toBe(theirs.id);
  });

  test("are not given of what cannot be cloned", async () => {
    await using agent = await start();
    expect(await codeOf(agent.local.leases.acquire({ reference: "#cd:/" }))).toBe("reference_invalid");
    const { token } = await agent.local.tokens.create({ name: "reader", scope: "read" });
    expect(await codeOf(agent.remote(token).leases.acquire({ reference }))).toBe("forbidden");
  });

  test("that an agent was killed in the middle of are given back by the next, with their workspaces", async () => {
    using home = tempDir();
    const configDirectory = `${home.path}/config`;
    const fakes = createFakeAdapters();
    const first = await start(configDirectory, fakes);
    const lease = await first.local.leases.acquire({ reference });
    await first.agent.close();
    const db = openDatabase(`${configDirectory}/state.db`, createSilentLog());
    const store = createLeaseStore(db);
    const handedOver = store.get(lease.id);
    if (handedOver === undefined) throw new Error("no lease");
    store.update({ ...handedOver, stage: "prepared" });
    db.close();
    await using second = await start(configDirectory, fakes);
    expect([await second.local.leases.list(), await second.local.workspaces.list()]).toEqual([[], []]);
    const next = await second.local.leases.acquire({ reference });
    expect([next.number, next.token > lease.token]).toEqual([1, true]);
  });

  test("outlive the agent: what was handed over goes on", async () => {
    using home = tempDir();
    const configDirectory = `${home.path}/config`;
    const fakes = createFakeAdapters();
    const first = await start(configDirectory, fakes);
    const lease = await first.local.leases.acquire({ reference, holder: "nightly" });
    await first.agent.close();
    await using second = await start(configDirectory, fakes);
    expect(await second.local.leases.list()).toMatchObject([{ id: lease.id, holder: "nightly", token: lease.token }]);
    expect((await second.local.leases.acquire({ reference })).number).toBe(2);
    expect(await second.local.leases.release({ lease: lease.id })).toEqual({ released: true });
  });
});
