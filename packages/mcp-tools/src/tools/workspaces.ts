import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { z } from "zod";
import { tool } from "../tool.ts";
import { name, looking } from "./fields.ts";
import { lookAtGit } from "./git-summary.ts";
import { showWorkspace, workspaceLine } from "./show.ts";

const look = { ...looking, workspaceField: "name" } as const;

export const workspacePath = tool({
  ...look,
  name: "workspace_path",
  title: "Workspace path",
  description:
    "Tells the directory that paths in a workspace are relative to. Without a name: where the worker keeps its workspaces.",
  fields: z.strictObject({
    name: name.optional(),
    ensure: z.boolean().optional().describe("Taken and not needed: the directory is always there"),
  }),
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
  ...looking,
  name: "workspace_list",
  title: "List workspaces",
  description: "Lists the workspaces with their remote, branch, state and last commit.",
  fields: z.strictObject({ repo: z.string().optional().describe("Only those whose name or remote contains this") }),
  async run({ repo = "" }, { client, reach, signal }) {
    const all =
      reach.workspace === undefined
        ? await client.workspaces.list(undefined, { signal })
        : [await client.workspaces.get({ name: reach.workspace }, { signal })];
    const workspaces = all.filter((one) => one.name.includes(repo) || (one.repo ?? "").includes(repo));
    const commits = await lastCommits(workspaces, client, signal);
    const told = workspaces.map((one) => ({ ...showWorkspace(one), lastCommit: commits.get(one.name) }));
    const text = workspaces.map(workspaceLine).join("\n");
    return { data: { workspaces: told }, text: text === "" ? "No workspaces." : text };
  },
});

export const workspaceShow = tool({
  ...look,
  name: "workspace_show",
  title: "Show a workspace",
  description:
    "Shows one workspace: its remote, branch and state, what has changed in it, its last five commits, and what went wrong where something did.",
  fields: z.strictObject({ name }),
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    const info = await client.workspaces.get({ name: input.name }, { signal });
    const git = await lookAtGit(info, 5, client, signal);
    return {
      data: { ...showWorkspace(info), ...(git === undefined ? {} : { git: git.data }) },
      text: [workspaceLine(info), ...(git?.lines ?? [])].join("\n"),
    };
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

/** Of those that run; each is a program in its workspace, so not of any number of them. */
async function lastCommits(
  workspaces: readonly WorkspaceInfo[],
  client: AgentClient,
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const rest = workspaces.slice(0, MOST_LOOKED_AT).values();
  const look = async (): Promise<void> => {
    for (const one of rest) found.set(one.name, (await lookAtGit(one, 1, client, signal))?.data.commits[0]);
  };
  await Promise.all([look(), look(), look(), look()]);
  return found;
}

const MOST_LOOKED_AT = 20;
