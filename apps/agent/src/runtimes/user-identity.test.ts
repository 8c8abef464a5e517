import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { createUserIdentity } from "./user-identity.ts";

const PATH = process.env["PATH"] ?? "";
const ADA = "[user]\n\tname = Ada\n\temail = ada@example.test\n";

test("is what the user's own git configuration says, seen again after a while", async () => {
  using home = tempDir();
  const clock = createManualClock();
  const identity = createUserIdentity({ env: { PATH, HOME: home.path, GIT_CONFIG_GLOBAL: "/dev/null" }, clock });
  expect(await identity()).toBeUndefined();
  writeFileSync(join(home.path, ".gitconfig"), ADA);
  expect(await identity()).toBeUndefined();
  clock.advance(60_000);
  expect(await identity()).toEqual({ name: "Ada", email: "ada@example.test" });
});

test.each([
  ["half of it is said", "[user]\n\tname = Ada\n", PATH],
  ["it is broken", "[user\n", PATH],
  ["there is no git", ADA, "/nonexistent"],
])("is nobody where %s", async (_, content, path) => {
  using home = tempDir();
  writeFileSync(join(home.path, ".gitconfig"), content);
  const env = { PATH: path, HOME: home.path };
  expect(await createUserIdentity({ env, clock: createManualClock() })()).toBeUndefined();
});

test("a workspace commits in the user's name where neither the settings nor an app say another", async () => {
  using home = tempDir();
  writeFileSync(join(home.path, ".gitconfig"), ADA);
  await using agent = await startTestAgent({ env: { PATH, HOME: home.path } });
  const { workspaces, config } = agent.local;
  await workspaces.create({ name: "demo", clone: "https://forge.test/org/repo" });
  const told = async (variable: string) => (await workspaces.exec({ name: "demo", command: `env ${variable}` })).stdout;
  expect([await told("GIT_AUTHOR_NAME"), await told("GIT_COMMITTER_EMAIL")]).toEqual(["Ada", "ada@example.test"]);
  await config.settings.set({ key: "git.name", value: "Grace" });
  expect([await told("GIT_AUTHOR_NAME"), await told("GIT_AUTHOR_EMAIL")]).toEqual(["Grace", ""]);
});
