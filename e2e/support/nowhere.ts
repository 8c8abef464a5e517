import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { docker, type AgentProcess } from "./agent-process.ts";
import { filesWith, formsOf, searchInside } from "./token-search.ts";

/** That none of these words lies in a file of the workspace, or in what the engine tells of its container. */
export async function expectNowhereInside(
  agent: AgentProcess,
  name: string,
  runtime: "docker" | "local",
  words: readonly string[],
): Promise<void> {
  // Words go in by standard input only, where no file and no list of processes has them.
  const inside = async (command: string, stdin: string): Promise<string[]> => {
    const ran = await agent.ws(["exec", name, "--", "bash", "-c", command], { stdin });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    return ran.stdout.split("\n").filter((line) => line !== "");
  };
  // What is planted is found, or that nothing is found would say nothing.
  const canary = randomBytes(20).toString("hex");
  expect(await inside('cat > "$HOME/planted"', canary)).toEqual([]);
  expect(await inside(searchInside(runtime), canary)).toEqual([expect.stringMatching(/\/planted$/)]);
  expect(await inside('rm "$HOME/planted"', "")).toEqual([]);
  expect(await inside(searchInside(runtime), words.join("\n"))).toEqual([]);
  if (runtime !== "docker") return;
  const { containerId } = await agent.client.workspaces.get({ name });
  const inspected = (await docker("inspect", containerId)).join("\n");
  for (const word of words) expect(inspected).not.toContain(word);
}

/** That the secret lies in no file of the agent but the one for secrets, and in nothing that it printed or answers. */
export async function expectNowhereOnWorker(agent: AgentProcess, name: string, secret: string): Promise<void> {
  const held = await filesWith(secret, [agent.configDirectory]);
  expect(held.map((path) => path.slice(agent.configDirectory.length + 1))).toEqual(["secrets.json"]);
  const answers = JSON.stringify([
    await agent.client.workspaces.get({ name }),
    await agent.client.credentials.status(),
    await agent.client.config.credentials.get(),
    await agent.client.audit.list(),
    await agent.client.workspaces.logs({ name, tail: 10_000 }),
  ]);
  for (const form of formsOf(secret)) expect(agent.output() + answers).not.toContain(form);
}

/** Every event of a workspace, also of one that is yet to come, until it is disposed. */
export async function hearEvents(agent: AgentProcess, name: string): Promise<Disposable & { heard: string[] }> {
  const stop = new AbortController();
  const heard: string[] = [];
  const events = await agent.client.workspaces.events({ name }, { signal: stop.signal });
  void (async () => {
    for await (const event of events) heard.push(JSON.stringify(event));
  })().catch(() => undefined);
  return {
    heard,
    [Symbol.dispose]: () => stop.abort(),
  };
}
