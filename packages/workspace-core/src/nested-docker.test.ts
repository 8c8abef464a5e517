import { expect, test } from "vitest";
import { createHarness } from "./testing/harness.ts";
import { createFakeRuntime } from "./testing/fake-runtime.ts";

const docker = true as const;

test("a workspace has a Docker engine of its own only where the worker's owner allows it, also at its later starts", async () => {
  await using h = createHarness();
  const refused = { code: "nested_docker_unavailable", next: expect.stringContaining("docker.nested") };
  await expect(h.workspaces.create({ name: "demo", docker })).rejects.toMatchObject(refused);
  expect(h.workspaces.list()).toEqual([]);
  h.allowed.docker = true;
  expect(await h.workspaces.create({ name: "demo", docker })).toMatchObject({ docker: true, phase: "ready" });
  await h.workspaces.stop("demo");
  h.allowed.docker = false;
  await expect(h.workspaces.start("demo")).rejects.toMatchObject({
    ...refused,
    message: "'demo' has a Docker engine of its own, and this worker lets none run any more. Its home stays.",
  });
  expect(h.workspaces.get("demo")).toMatchObject({ power: "stopped", docker: true });
  h.allowed.docker = true;
  expect(await h.workspaces.start("demo", { docker })).toMatchObject({ power: "running" });
});

test("none has one on the local runtime, of the profile agent, or with an image of its own", async () => {
  const local = {
    ...createFakeRuntime({ now: () => 0, openBox: () => Promise.reject(new Error("never")) as never }),
    name: "local" as const,
  };
  await using h = createHarness({ others: [local] });
  h.allowed.docker = true;
  for (const asked of [{ runtime: "local" as const }, { profile: "agent" as const }, { image: "debian" }]) {
    await expect(h.workspaces.create({ name: "demo", docker, ...asked })).rejects.toMatchObject({
      code: "nested_docker_unavailable",
    });
  }
});

test("one that exists without it is not taken for one that has it", async () => {
  await using h = createHarness();
  h.allowed.docker = true;
  await h.workspaces.create({ name: "demo" });
  await expect(h.workspaces.start("demo", { docker })).rejects.toMatchObject({ code: "workspace_mismatch" });
});
