import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { WsError } from "@ws/workspace-core";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { audited } from "../testing/audited.ts";

test("what a workspace was given is in no log of its own or the agent's and in no error, also after a restart (Coder CVE-2025-66411)", async () => {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const configDirectory = join(directory.path, "config");
  const secret = randomBytes(12).toString("hex");
  for (const round of ["first", "second"]) {
    await using agent = await startTestAgent({ configDirectory });
    if (round === "first") {
      await agent.local.workspaces.create({ name: "given", env: { API_KEY: secret } });
      // Nothing is written of it any more.
      await agent.local.workspaces.stop({ name: "given" });
    }
    agent.adapters.docker.intercept((method) => {
      if (method !== "start") return;
      if (round === "first") throw new Error(`boom ${secret}`);
      throw new WsError("box_unavailable", { message: `boom ${secret}`, next: secret, data: { workspace: secret } });
    });
    const { error } = await safe(agent.local.workspaces.start({ name: "given" }));
    const answers = JSON.stringify([
      error,
      (error as Error).message,
      await agent.local.workspaces.list(),
      await agent.local.workspaces.logs({ name: "given" }),
    ]);
    expect(answers).toContain("[redacted]");
    expect(answers).not.toContain(secret);
    if (round === "first") expect(agent.logged.join("")).toContain("[redacted]");
    expect(agent.logged.join("")).not.toContain(secret);
    expect(readFileSync(join(configDirectory, "agent.log"), "utf8")).not.toContain(secret);
  }
});

test("what a workspace was given blinds neither the audit nor another's texts", async () => {
  await using agent = await startTestAgent();
  const values = {
    A: "workspace",
    B: "https://git.test/org/repo-1.git",
    C: `laptop-${randomBytes(6).toString("hex")}`,
  };
  await agent.local.workspaces.create({ name: "given", env: values });
  await agent.local.workspaces.create({ name: "other" });
  const { token, id } = await agent.local.tokens.create({ name: values.C });
  agent.adapters.docker.intercept((method) => {
    if (method !== "start") return;
    throw new WsError("box_unavailable", { message: `No ${values.B}.`, data: { workspace: values.C } });
  });
  await agent.local.workspaces.stop({ name: "other" });
  const { error } = await safe(agent.remote(token).workspaces.start({ name: "other" }));
  expect((error as Error).message).toBe(`No ${values.B}.`);
  expect(await agent.local.workspaces.get({ name: "other" })).toMatchObject({
    failure: { message: `No ${values.B}.` },
  });
  const logs = await agent.local.workspaces.logs({ name: "other" });
  expect(logs).not.toContain("[redacted]");
  await safe(agent.remote(token).workspaces.delete({ name: values.B }));
  const [deleted, started] = await audited(agent.local);
  expect(deleted).toMatchObject({ who: `${values.C} (${id})`, target: values.B });
  expect(started).toMatchObject({ who: `${values.C} (${id})`, action: "workspaces.start", target: "other" });
});

test("values that are the product's own words break nothing", async () => {
  await using agent = await startTestAgent();
  const words = [
    "message",
    "startup",
    "running",
    "prepare",
    "pending",
    "details",
    "internal",
    "container",
    "1",
    "true",
  ];
  const env = Object.fromEntries(words.map((word, index) => [`W${index}`, word]));
  await agent.local.workspaces.create({ name: "words", env });
  agent.adapters.docker.intercept((method) => {
    if (method === "create") throw new Error("message of 1 container");
  });
  const { error } = await safe(agent.local.workspaces.create({ name: "broken" }));
  expect(error).toMatchObject({ code: expect.any(String) as string, data: { code: expect.any(String) as string } });
  const [words0, broken] = await agent.local.workspaces.list();
  expect(words0).toMatchObject({ name: "words", status: "running" });
  expect(broken).toMatchObject({ name: "broken", status: "error" });
  expect(words0?.startup.steps.map(({ id }) => id)).toContain("prepare");
  const lines = readFileSync(join(agent.configDirectory, "agent.log"), "utf8").trim().split("\n");
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty("msg");
});
