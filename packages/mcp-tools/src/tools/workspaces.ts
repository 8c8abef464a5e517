import { z } from "zod";
import { tool } from "../tool.ts";
import { showWorkspace, workspaceLine } from "./show.ts";

const name = z.string().min(1).max(63).describe("The workspace's name");

export const workspacePath = tool({
  name: "workspace_path",
  title: "Workspace path",
  description:
    "Tells the directory that paths in a workspace are relative to. Without a name: where the worker keeps its workspaces.",
  effect: "reads",
  needs: { scope: "read", ownWorkspace: true },
  fields: z.strictObject({
    name: name.optional(),
    ensure: z.boolean().optional().describe("Taken and not needed: the directory is always there"),
  }),
  workspaceField: "name",
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    if (input.name === undefined) {
      const { directory } = await client.info(undefined, { signal });
      return { data: { path: directory }, text: directory ?? "" };
    }
    const { directory = "" } = await client.workspaces.get({ name: input.name }, { signal });
    return { data: { name: input.name, path: directory }, text: directory };
  },
});

export const workspaceList = tool({
  name: "workspace_list",
  title: "List workspaces",
  description: "Lists the workspaces with their remote, branch and state.",
  effect: "reads",
  needs: { scope: "read", ownWorkspace: true },
  fields: z.strictObject({ repo: z.string().optional().describe("Only those whose name or remote contains this") }),
  async run({ repo = "" }, { client, reach, signal }) {
    const all =
      reach.workspace === undefined
        ? await client.workspaces.list(undefined, { signal })
        : [await client.workspaces.get({ name: reach.workspace }, { signal })];
    const workspaces = all.filter((one) => one.name.includes(repo) || (one.repo ?? "").includes(repo));
    const text = workspaces.map(workspaceLine).join("\n");
    return { data: { workspaces: workspaces.map(showWorkspace) }, text: text === "" ? "No workspaces." : text };
  },
});

export const workspaceShow = tool({
  name: "workspace_show",
  title: "Show a workspace",
  description: "Shows one workspace: its remote, branch and state, and what went wrong where something did.",
  effect: "reads",
  needs: { scope: "read", ownWorkspace: true },
  fields: z.strictObject({ name }),
  workspaceField: "name",
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    const info = await client.workspaces.get({ name: input.name }, { signal });
    return { data: showWorkspace(info), text: workspaceLine(info) };
  },
});

export const workspaceRemove = tool({
  name: "workspace_remove",
  title: "Remove a workspace",
  description:
    "Deletes a workspace and everything in it. Refused while it holds work that is not committed or not pushed.",
  effect: "destroys",
  needs: { scope: "write" },
  fields: z.strictObject({ name }),
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    await client.workspaces.delete({ name: input.name }, { signal });
    return { data: { name: input.name, removed: true }, text: `Removed '${input.name}'.` };
  },
});
