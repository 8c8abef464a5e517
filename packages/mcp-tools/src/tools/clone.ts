import type { AgentClient } from "@ws/rpc-contract/client";
import { z } from "zod";
import { ToolError } from "../failure.ts";
import { tool } from "../tool.ts";
import { showWorkspace, workspaceLine } from "./show.ts";

export const workspaceClone = tool({
  name: "workspace_clone",
  title: "Clone into a new workspace",
  description:
    "Makes a workspace with a clone of a repository, on a branch of its own. Takes a URL or a reference such as #gh:org/repo; returns when it is ready.",
  effect: "adds",
  outside: true,
  needs: { scope: "write" },
  fields: z.strictObject({
    url: z.string().min(1).max(2_000).describe("URL of the repository, or a reference such as #gh:org/repo"),
    name: z.string().max(63).optional().describe("Of the workspace; the repository's where absent"),
    branch: z.string().min(1).max(255).optional().describe("To work on, made where it does not exist"),
    base: z.string().min(1).max(255).optional().describe("Branch to start from; the remote's default where absent"),
    full: z.boolean().optional().describe("false takes only the newest commit; all history where absent"),
  }),
  aliases: { repo: "url" },
  async run({ url, name = nameOf(url), branch, base, full }, { client, signal, progress }) {
    const done = new AbortController();
    const telling =
      progress === undefined ? undefined : tell(client, name, AbortSignal.any([signal, done.signal]), progress);
    try {
      const info = await client.workspaces.create(
        { name, clone: url, branch, base, ...(full === false ? { checkout: { depth: 1 } } : {}) },
        { signal },
      );
      return { data: showWorkspace(info), text: workspaceLine(info) };
    } finally {
      done.abort();
      await telling;
    }
  },
});

/** Tells each step of the create as it begins; that it cannot be told must not fail the create. */
async function tell(
  client: AgentClient,
  name: string,
  signal: AbortSignal,
  progress: (message: string) => Promise<void>,
): Promise<void> {
  let told: string | undefined;
  try {
    for await (const event of await client.workspaces.events({ name }, { signal })) {
      if (event.type !== "changed") continue;
      const label = event.workspace.startup.steps.find(({ status }) => status === "running")?.label;
      if (label !== undefined && label !== told) await progress((told = label));
    }
  } catch {
    // The stream ends with the create, or with whoever listened.
  }
}

/** `https://git.example.com/org/My.Repo.git` → `my-repo` */
function nameOf(url: string): string {
  const last = url.replace(/[/]+$/, "").split(/[/:]/).at(-1) ?? "";
  const name = last
    .replace(/\.git$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
  if (name !== "") return name;
  throw new ToolError({
    code: "invalid_input",
    message: "No name of a workspace follows from this URL.",
    next: "Give it one with 'name'.",
    details: { field: "name" },
  });
}
