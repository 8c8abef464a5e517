import { safe } from "@orpc/client";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

test("what was asked about one workspace is not done to another that has its name by now", async () => {
  await using agent = await startTestAgent();
  const { workspaces } = agent.local;
  const first = await workspaces.create({ name: "shop" });
  await workspaces.rename({ name: "shop", newName: "old" });
  const second = await workspaces.create({ name: "shop" });
  const asked = { name: "shop", id: first.id };
  const attempts: Promise<unknown>[] = [
    workspaces.delete({ ...asked, force: true }),
    workspaces.cleanup(asked),
    workspaces.cleanup({ ...asked, dryRun: true }),
    workspaces.stop(asked),
    workspaces.restart(asked),
    workspaces.start({ ...asked, env: { A: "1" } }),
    workspaces.rename({ ...asked, newName: "other" }),
  ];
  for (const attempt of attempts) {
    const { error } = await safe(attempt);
    expect(error).toMatchObject({
      status: 409,
      message: "'shop' is another workspace now than the one that was meant.",
      data: { code: "workspace_mismatch", next: expect.stringContaining("Nothing was done") },
    });
  }
  const now = await workspaces.list();
  expect(now.map(({ id, name, status }) => [id, name, status])).toEqual([
    [first.id, "old", "running"],
    [second.id, "shop", "running"],
  ]);
});

test("who says which workspace is meant, and is right, is obeyed", async () => {
  await using agent = await startTestAgent();
  const { workspaces } = agent.local;
  const { id } = await workspaces.create({ name: "shop" });
  expect(await workspaces.stop({ name: "shop", id })).toMatchObject({ id, status: "stopped" });
  expect(await workspaces.start({ name: "shop", id })).toMatchObject({ id, status: "running" });
  expect(await workspaces.rename({ name: "shop", id, newName: "store" })).toMatchObject({ id, name: "store" });
  await workspaces.delete({ name: "store", id, force: true });
  expect(await workspaces.list()).toEqual([]);
});
