import type { Handler, PublishSettings } from "@ws/rpc-contract";
import { z } from "zod";
import { tool, type Tool } from "../tool.ts";
import { workspaceEdit, workspaceWrite } from "./change-files.ts";
import { name, working } from "./fields.ts";
import { workspaceLs, workspaceRead } from "./read-files.ts";
import { showCommit } from "./show-git.ts";
import { workspaceGitAdd, workspaceGitPull, workspaceGitPush } from "./work-on-git.ts";

/** For tokens that publish, with the settings that allow it. */
const publishing =
  (allows: (settings: PublishSettings) => boolean = () => true) =>
  (handler: Handler): boolean =>
    handler.kind === "publish" && allows(handler.settings);
const fetching = ({ kind }: Handler): boolean => kind === "fetch";
const committing = publishing((settings) => settings.commit_enabled === true);

const gitCommit = tool({
  ...working,
  workspaceField: "name",
  name: "git_commit",
  title: "Commit",
  description: "Commits what is staged. Without a message, with the one that the token was made with.",
  effect: "adds",
  handler: committing,
  fields: z.strictObject({ name, message: z.string().min(1).max(100_000).optional() }),
  aliases: { repo: "name" },
  async run({ name: workspace, message }, { client, reach, signal }) {
    const template = reach.handler?.kind === "publish" ? reach.handler.settings.commit_message : undefined;
    const asked = { name: workspace, message: commitMessage(template, message, workspace) };
    const commit = await client.git.commit(asked, { signal });
    return {
      data: { name: workspace, ...showCommit(commit) },
      text: `Committed ${commit.hash.slice(0, 12)} ${commit.subject}`,
    };
  },
});

/** A template is for commits without a message, unless it says where the message goes. */
function commitMessage(template: string | undefined, message: string | undefined, repo: string): string {
  if (template === undefined) return message ?? `Publish to ${repo}`;
  if (message !== undefined && !template.includes("{message}")) return message;
  const words: Record<string, string> = { message: message ?? `Publish to ${repo}`, repo };
  return template.replaceAll(/\{(message|repo)\}/g, (_, word: string) => words[word] ?? "");
}

/** What tokens of pipelines are for: the same as the tools beside, as far as each token allows. */
export const PIPELINE_TOOLS: readonly Tool[] = [
  { ...workspaceLs, name: "fetch_ls", handler: fetching },
  { ...workspaceRead, name: "fetch_read", handler: fetching },
  { ...workspaceWrite, name: "publish_write", handler: publishing() },
  { ...workspaceEdit, name: "publish_edit", handler: publishing() },
  {
    ...workspaceGitPull,
    name: "git_pull",
    handler: publishing(),
    fields: workspaceGitPull.fields.omit({ branch: true }),
  },
  { ...workspaceGitAdd, name: "git_add", handler: committing },
  gitCommit,
  {
    ...workspaceGitPush,
    name: "git_push",
    handler: publishing((settings) => settings.push_enabled === true),
    fields: workspaceGitPush.fields.omit({ branch: true, force_with_lease: true, expected_sha: true }),
  },
];
