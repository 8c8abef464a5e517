import type { Locator, Page } from "@playwright/test";
import type { AgentProcess } from "../support/agent-process.ts";
import { newName } from "./fixtures.ts";

/** A workspace with these files. */
export async function workspaceWith(agent: AgentProcess, files: Readonly<Record<string, string>>): Promise<string> {
  const name = newName("files");
  await agent.client.workspaces.create({ name });
  for (const [path, content] of Object.entries(files)) await agent.client.files.write({ name, path, content });
  return name;
}

/** The part of a workspace's page that shows its files. */
export function filesOf(page: Page, name: string) {
  return {
    tree: page.getByRole("tree", { name: `Files of ${name}` }),
    item: (label: string): Locator => page.getByRole("treeitem", { name: label, exact: true }),
    text: page.locator(".cm-content"),
    save: page.getByRole("button", { name: "Save", exact: true }),
    /** Behind the last character, whatever the editor showed last. */
    async typeAtEnd(typed: string): Promise<void> {
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type(typed);
    },
  };
}

/** What the worker has. */
export async function contentOf(agent: AgentProcess, name: string, path: string): Promise<string | undefined> {
  const read = await agent.client.files.read({ name, path });
  return read.binary ? undefined : read.content;
}
