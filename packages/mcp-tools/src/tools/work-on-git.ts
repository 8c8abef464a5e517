import { z } from "zod";
import { tool } from "../tool.ts";
import { working, name, path } from "./fields.ts";
import { showCommit } from "./show-git.ts";
import { counted } from "./counted.ts";

const work = { ...working, workspaceField: "name" } as const;
const branch = z.string().min(1).max(240).optional();
const remote = z.literal("origin").optional().describe("There is one remote");

export const workspaceGitPull = tool({
  ...work,
  name: "workspace_git_pull",
  title: "Git pull",
  description:
    "Fetches the branch and goes on to it. Refused with changes that are not committed unless allow_dirty is set, and where both sides have commits unless rebase is.",
  effect: "changes",
  repeatable: true,
  outside: true,
  fields: z.strictObject({
    name,
    branch,
    remote,
    allow_dirty: z.boolean().optional(),
    rebase: z.boolean().optional().describe("Puts the commits made here on top"),
  }),
  aliases: { repo: "name" },
  async run({ allow_dirty: allowDirty, remote: _, ...asked }, { client, signal }) {
    const pulled = await client.git.pull({ allowDirty, ...asked }, { signal });
    const { commits, to } = pulled;
    const text = commits === 0 ? "Up to date." : `Pulled ${counted(commits, "commit")}, now at ${to.slice(0, 12)}.`;
    return { data: { name: asked.name, ...pulled }, text };
  },
});

export const workspaceGitAdd = tool({
  ...work,
  name: "workspace_git_add",
  title: "Git add",
  description: "Stages files and directories as they are, what was deleted included.",
  effect: "adds",
  repeatable: true,
  fields: z.strictObject({
    name,
    paths: z.union([path, z.array(path).min(1).max(10_000)]).describe("Relative to the repository; . is all of it"),
  }),
  aliases: { repo: "name", path: "paths" },
  async run({ paths: given, ...asked }, { client, signal }) {
    const paths = typeof given === "string" ? [given] : given;
    await client.git.add({ ...asked, paths }, { signal });
    return { data: { name: asked.name, paths, success: true }, text: `Staged ${paths.join(", ")}.` };
  },
});

export const workspaceGitCommit = tool({
  ...work,
  name: "workspace_git_commit",
  title: "Git commit",
  description:
    "Commits what is staged, with all everything that has changed. Hooks of the repository run in the workspace.",
  effect: "adds",
  fields: z.strictObject({
    name,
    message: z.string().min(1).max(100_000),
    all: z.boolean().optional().describe("Stages everything first that is not ignored"),
  }),
  aliases: { repo: "name" },
  async run(asked, { client, signal }) {
    const commit = await client.git.commit(asked, { signal });
    return {
      data: { name: asked.name, ...showCommit(commit) },
      text: `Committed ${commit.hash.slice(0, 12)} ${commit.subject}`,
    };
  },
});

export const workspaceGitPush = tool({
  ...work,
  name: "workspace_git_push",
  title: "Git push",
  description: "Pushes what is checked out to its branch on the remote, as the workspace's grant allows.",
  effect: "changes",
  repeatable: true,
  outside: true,
  fields: z.strictObject({
    name,
    branch,
    remote,
    force_with_lease: z.boolean().optional().describe("Replaces what was last seen there, where the grant allows that"),
    expected_sha: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/)
      .optional()
      .describe("The commit that the remote must still have"),
  }),
  aliases: { repo: "name" },
  async run({ force_with_lease: force, expected_sha: expected, remote: _, ...asked }, { client, signal }) {
    const pushed = await client.git.push({ force, expected, ...asked }, { signal });
    return {
      data: { name: asked.name, ...pushed },
      text: `Pushed ${pushed.branch} at ${pushed.commit.slice(0, 12)}.`,
    };
  },
});
