import type { Locator, Page } from "@playwright/test";
import { agentStandIn } from "@ws/workspace-core/testing";
import type { AgentProcess } from "../support/agent-process.ts";
import { newName } from "./fixtures.ts";

/** A workspace for tasks: on the local runtime, because what runs in it is all the same. */
export async function taskPlace(agent: AgentProcess, name = newName("tasks")): Promise<string> {
  await agent.client.workspaces.create({ name, runtime: "local" });
  return name;
}

/** The same with a coding tool in it, a stand-in that plays the scene which its prompt begins with. */
export async function toolPlace(agent: AgentProcess, name = newName("tools")): Promise<string> {
  await taskPlace(agent, name);
  await installTool(agent, name);
  return name;
}

export async function installTool(agent: AgentProcess, name: string): Promise<void> {
  await agent.client.files.write({ name, path: "helper.js", content: agentStandIn("claude") });
}

/** Gives the coding tool a prompt under a title. */
export async function prompt(
  agent: AgentProcess,
  name: string,
  title: string,
  scene: string,
  permissions?: "edits",
): Promise<string> {
  const { id } = await agent.client.tasks.create({
    name,
    title,
    spec: { kind: "agent", tool: "helper", prompt: scene, ...(permissions && { permissions }) },
  });
  return id;
}

/** Queues a line of sh under a title. */
export async function queue(agent: AgentProcess, name: string, title: string, command: string): Promise<string> {
  const { id } = await agent.client.tasks.create({ name, title, spec: { kind: "command", command } });
  return id;
}

/** The list of tasks in a page. */
export function tasksOf(page: Page) {
  const row = (title: string): Locator =>
    page.getByRole("listitem").filter({ has: page.getByText(title, { exact: true }) });
  return {
    row,
    line: (title: string): Locator => row(title).getByRole("button").first(),
    section: (title: string): Locator => page.getByRole("region", { name: title }),
    output: (title: string): Locator => page.getByRole("log", { name: `Output of ${title}` }),
  };
}
