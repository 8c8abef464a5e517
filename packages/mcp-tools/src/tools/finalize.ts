import { z } from "zod";
import { ToolError, toFailure } from "../failure.ts";
import { tool } from "../tool.ts";
import { showWorkspace } from "./show.ts";
import { name, working } from "./fields.ts";

export const workspaceFinalize = tool({
  ...working,
  workspaceField: "name",
  name: "workspace_finalize",
  title: "Push, open the pull request, clean up",
  description:
    "Ends a piece of work as far as is asked for: commits what is left, pushes the branch, opens or updates the pull request, removes the workspace. Safe to repeat: it goes on where it failed.",
  effect: "changes",
  repeatable: true,
  outside: true,
  fields: z.strictObject({
    name,
    commit_message: z.string().min(1).max(100_000).optional().describe("Commits what is not committed, with this"),
    push: z.boolean().optional().describe("Pushes the branch; a pull request does too"),
    title: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe("Opens a pull request with this title; the open one of the branch keeps its own without it"),
    body: z.string().max(200_000).optional().describe("Of the pull request"),
    base: z.string().min(1).max(255).optional().describe("Where the pull request goes"),
    draft: z.boolean().optional(),
    labels: z.array(z.string().min(1)).max(100).optional(),
    reviewers: z.array(z.string().min(1)).max(100).optional(),
    cleanup: z.boolean().optional().describe("Removes the workspace where nothing in it would be lost"),
  }),
  aliases: { repo: "name", message: "commit_message", target_branch: "base" },
  async run({ name, commit_message: message, push, title, cleanup, ...request }, { client, signal }) {
    const { body, base, ...asked } = request;
    const about = [title, ...Object.values(request)].some((value) => value !== undefined);
    const work = client.workspaces.finalize(
      {
        name,
        ...(message === undefined ? {} : { uncommitted: "commit" as const, commitMessage: message }),
        ...(push === true || about ? { push: true } : {}),
        ...(about ? { pullRequest: { title, body, targetBranch: base, ...asked } } : {}),
        ...(cleanup === undefined ? {} : { cleanup }),
      },
      { signal },
    );
    const result = await work.catch((error: unknown) => {
      throw inParameters(error);
    });
    const { pushed, pullRequest, cleanup: cleaned } = result;
    const lines = [
      pushed === undefined ? undefined : `Pushed ${pushed.branch} at ${pushed.commit.slice(0, 12)}.`,
      pullRequest === undefined ? undefined : `Pull request: ${pullRequest.url}`,
      cleaned === undefined ? undefined : cleaned.kept ? `Kept: ${cleaned.holder ?? "it holds work"}.` : "Removed.",
    ].filter((line) => line !== undefined);
    return {
      data: { workspace: showWorkspace(result.workspace), pushed, pullRequest, cleanup: cleaned },
      text:
        lines.length === 0 ? "Nothing was asked for: give push, title, commit_message or cleanup." : lines.join("\n"),
    };
  },
});

/** The next step is a parameter for whoever has no command line. */
const NEXT: Readonly<Record<string, string>> = {
  uncommitted_work: "Commit it: give 'commit_message', which commits all of it.",
  "pullRequest.title": "Give it one: 'title'.",
};

function inParameters(error: unknown): unknown {
  const failure = toFailure(error);
  const field = failure.details?.["field"];
  const next = NEXT[typeof field === "string" ? field : failure.code];
  return next === undefined ? error : new ToolError({ ...failure, next });
}
