import { z } from "zod";
import { tool } from "../tool.ts";
import { name as repo, path, working } from "./fields.ts";
import { counted } from "./counted.ts";

const work = { ...working, workspaceField: "repo" } as const;

const expect = z
  .string()
  .max(200)
  .optional()
  .describe("The version that must still be there, as a read told it, or 'absent'");

export const workspaceWrite = tool({
  ...work,
  name: "workspace_write",
  title: "Write a file",
  description: "Writes a text file as a whole, with the directories on the way.",
  effect: "changes",
  repeatable: true,
  fields: z.strictObject({ repo, path, content: z.string(), expect }),
  aliases: { name: "repo", file: "path" },
  async run({ repo: name, ...asked }, { client, signal }) {
    const written = await client.files.write({ name, ...asked }, { signal });
    const text = `${written.created ? "Created" : "Wrote"} ${written.path}, ${counted(written.size, "byte")}.`;
    return { data: { repo: name, ...written }, text };
  },
});

export const workspaceEdit = tool({
  ...work,
  name: "workspace_edit",
  title: "Edit a file",
  description:
    "Replaces the one place in a file where the old text stands exactly. Several places are refused with their lines, unless replace_all is set.",
  effect: "changes",
  fields: z.strictObject({
    repo,
    path,
    old_string: z.string().min(1).describe("As it stands in the file, with its spaces and line ends"),
    new_string: z.string(),
    replace_all: z.boolean().optional(),
    expect,
  }),
  aliases: {
    name: "repo",
    file: "path",
    search: "old_string",
    replace: "new_string",
    old: "old_string",
    new: "new_string",
  },
  async run({ repo: name, old_string: oldString, new_string: newString, replace_all: replaceAll, ...asked }, use) {
    const { client, signal } = use;
    const edited = await client.files.edit({ name, oldString, newString, replaceAll, ...asked }, { signal });
    const { replacements } = edited;
    const text = `Replaced ${counted(replacements, "place")} in ${edited.path}.`;
    return { data: { repo: name, ...edited }, text };
  },
});

export const workspaceApplyPatch = tool({
  ...work,
  name: "workspace_apply_patch",
  title: "Apply a patch",
  description: "Applies a unified diff whole, or changes nothing.",
  effect: "changes",
  fields: z.strictObject({
    repo,
    patch: z.string().min(1),
    dry_run: z.boolean().optional().describe("Only tells what would be changed"),
  }),
  aliases: { name: "repo", diff: "patch" },
  async run({ repo: name, patch, dry_run: dryRun }, { client, signal }) {
    const { files } = await client.files.patch({ name, patch, dryRun }, { signal });
    const lines = files.map((file) => `${file.change} ${file.path} +${file.additions} -${file.deletions}`);
    return { data: { repo: name, files }, text: lines.join("\n") };
  },
});

export const workspaceDelete = tool({
  ...work,
  name: "workspace_delete",
  title: "Delete a file or directory",
  description: "Deletes a file of a workspace, with recursive also a directory with its content.",
  effect: "destroys",
  repeatable: true,
  fields: z.strictObject({ repo, path, recursive: z.boolean().optional() }),
  aliases: { name: "repo", file: "path" },
  async run({ repo: name, ...asked }, { client, signal }) {
    const { path: gone, removed } = await client.files.remove({ name, ...asked }, { signal });
    return { data: { repo: name, path: gone, removed }, text: removed ? `Deleted ${gone}.` : `${gone} was not there.` };
  },
});
