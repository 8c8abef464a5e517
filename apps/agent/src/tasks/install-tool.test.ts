import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { describe, expect, test } from "vitest";
import { startAgent } from "../agent.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { clientOn } from "../testing/test-agent.ts";

/** npm as far as it is asked for here: it waits until it may go on, and puts a tool where it is told to. */
const NPM = `#!/bin/sh
echo "$*" >>"$HOME/asked"
while [ -e "@/wait" ]; do sleep 0.02; done
if [ -e "@/refused" ]; then
  echo 'npm error code E403'
  echo 'npm error 403 403 Forbidden - GET https://registry.test/tool'
  exit 1
fi
if [ -e "@/fail" ]; then
  echo 'npm error code E404'
  echo 'npm error 404 Not Found - GET https://registry.test/tool'
  echo 'npm error A complete log of this run can be found in: /x'
  exit 1
fi
mkdir -p "$NPM_CONFIG_PREFIX/bin"
cat >"$NPM_CONFIG_PREFIX/bin/claude" <<'END'
#!/bin/sh
cat >/dev/null
echo '{"type":"result","subtype":"success","is_error":false,"result":"Installed.","session_id":"s"}'
END
chmod 755 "$NPM_CONFIG_PREFIX/bin/claude"
`;

async function startWorker(settings: Record<string, string> = {}) {
  const directory = tempDir();
  const tools = join(directory.path, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "npm"), NPM.replaceAll("@", tools));
  chmodSync(join(tools, "npm"), 0o755);
  const env = {
    PATH: `${tools}:/usr/bin:/bin`,
    HOME: directory.path,
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
    ...settings,
  };
  const configDirectory = join(directory.path, "config");
  const agent = await startAgent({ configDirectory, env, port: 0, write: () => {}, writeLog: () => {} });
  const local = clientOn(agent.socket);
  await local.workspaces.create({ name: "demo", env: { ANTHROPIC_API_KEY: randomBytes(16).toString("hex") } });
  const asked = async (): Promise<string[]> => {
    const { stdout } = await local.workspaces.exec({ name: "demo", command: 'cat "$HOME/asked" || :' });
    return stdout.split("\n").filter((line) => line !== "");
  };
  return {
    local,
    asked,
    flag: (name: "wait" | "fail" | "refused", is: boolean): void =>
      is ? writeFileSync(join(tools, name), "") : rmSync(join(tools, name), { force: true }),
    async [Symbol.asyncDispose]() {
      await local.workspaces.delete({ name: "demo", force: true });
      await agent.close();
      directory[Symbol.dispose]();
    },
  };
}

const add = (client: AgentClient): Promise<TaskInfo> =>
  client.tasks.create({ name: "demo", spec: { kind: "agent", prompt: "x" } });

async function until(client: AgentClient, id: string, status: string): Promise<TaskInfo> {
  await expect.poll(async () => (await client.tasks.get({ task: id })).status, { timeout: 20_000 }).toBe(status);
  return client.tasks.get({ task: id });
}

describe("a coding tool that is not in a workspace", () => {
  test("is installed there once, however many tasks wait for it, and they say so", async () => {
    await using worker = await startWorker();
    const { local, asked, flag } = worker;
    flag("wait", true);
    const [one, other] = [await add(local), await add(local)];
    const waits = async ({ id }: TaskInfo) => (await local.tasks.get({ task: id })).waits;
    await expect.poll(() => waits(one), { timeout: 20_000 }).toMatchObject({ code: "tool_installing" });
    await expect.poll(() => waits(other), { timeout: 20_000 }).toMatchObject({ code: "tool_installing" });
    expect((await local.tasks.get({ task: one.id })).status).toBe("pending");
    flag("wait", false);
    for (const { id } of [one, other]) {
      expect(await until(local, id, "completed")).toMatchObject({ result: "Installed." });
      expect(await waits(one)).toBeUndefined();
    }
    expect(await asked()).toEqual([expect.stringMatching(/^install --global .* -- @anthropic-ai\/claude-code@\d/)]);
    const further = await add(local);
    await until(local, further.id, "completed");
    expect(await asked()).toHaveLength(1);
    const tools = await local.tasks.tools({ name: "demo" });
    expect(tools.find(({ name }) => name === "claude")).toMatchObject({ installed: true, login: "key" });
  });

  test("fails its task with what npm said, and is tried again by the next", async () => {
    await using worker = await startWorker();
    const { local, flag } = worker;
    flag("fail", true);
    const { error } = await until(local, (await add(local)).id, "failed");
    expect(error).toMatchObject({
      code: "tool_missing",
      message:
        "claude is not installed in this workspace, and could not be: 404 Not Found - GET https://registry.test/tool.",
      next: expect.stringContaining("npm install --global @anthropic-ai/claude-code@") as string,
    });
    flag("fail", false);
    await until(local, (await add(local)).id, "completed");
  });

  test("says where to see what its workspace may not reach", async () => {
    await using worker = await startWorker();
    const { local, flag } = worker;
    flag("refused", true);
    const { error } = await until(local, (await add(local)).id, "failed");
    expect(error?.next).toContain("ws egress demo refusals");
  });

  test("is cancelled while it is installed, which goes on for the next", async () => {
    await using worker = await startWorker();
    const { local, asked, flag } = worker;
    flag("wait", true);
    const { id } = await add(local);
    await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
    expect((await local.tasks.cancel({ task: id })).status).toBe("cancelled");
    const next = await add(local);
    flag("wait", false);
    await until(local, next.id, "completed");
    expect(await asked()).toHaveLength(1);
    expect((await local.tasks.get({ task: id })).status).toBe("cancelled");
  });

  test("is not installed where the settings say so, nor one that is described there", async () => {
    await using worker = await startWorker({ WS_AGENTS_INSTALL: "false" });
    const { local, asked } = worker;
    const { error } = await until(local, (await add(local)).id, "failed");
    expect(error).toMatchObject({ code: "tool_missing" });
    await local.config.settings.set({ key: "agents.custom", value: { mine: { argv: ["mine"], output: "text" } } });
    const mine = await local.tasks.create({ name: "demo", spec: { kind: "agent", tool: "mine", prompt: "x" } });
    expect((await until(local, mine.id, "failed")).error).toMatchObject({ code: "tool_missing" });
    expect(await asked()).toEqual([]);
  });
});
