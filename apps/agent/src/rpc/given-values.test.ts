import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";

test("what a workspace was given is in no log, audit or error, also after a restart (Coder CVE-2025-66411)", async () => {
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
      if (method === "create" || method === "start") throw new Error(`boom ${secret}`);
    });
    const { error } = await safe(agent.local.workspaces.create({ name: `other-${round}` }));
    expect((error as Error).message).not.toContain(secret);
    const { token } = await agent.local.tokens.create({ name: `for ${secret}` });
    await safe(agent.remote(token).workspaces.delete({ name: "nobody" }));
    const answers = JSON.stringify([
      await agent.local.workspaces.list(),
      await agent.local.audit.list(),
      await agent.local.workspaces.logs({ name: `other-${round}` }),
    ]);
    expect(answers).not.toContain(secret);
    expect(agent.logged.join("")).toContain("[redacted]");
    expect(agent.logged.join("")).not.toContain(secret);
    expect(readFileSync(join(configDirectory, "agent.log"), "utf8")).not.toContain(secret);
  }
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
