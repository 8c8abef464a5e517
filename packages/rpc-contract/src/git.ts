import { z } from "zod";
import { procedure } from "./errors.ts";
import { gitBlob, gitBranch, gitCommit, gitDiff, gitLog, gitStash, gitStatus } from "./git-results.ts";
import { name } from "./workspace-info.ts";

const ref = z.string().min(1).max(300).describe("A branch, tag or commit");
const branch = z.string().min(1).max(240);
const path = z.string().max(4_096).describe("Relative to the top of the repository, literal; . is all of it");
const paths = z.array(path).min(1).max(10_000);
const allowDestructive = z
  .boolean()
  .optional()
  .describe("Goes on also where work is lost that lies nowhere else, or where the remote's history is replaced");
const hash = z
  .string()
  .regex(/^[0-9a-f]{7,64}$/)
  .optional()
  .describe("The commit it must still be");
const count = z.coerce.number().int().nonnegative();

const comparing = {
  paths: paths.optional(),
  stat: z.boolean().optional().describe("Numbers only, no hunks"),
  context: z.number().int().min(0).max(1_000).optional().describe("Lines of context, 3 where absent"),
};
const done = z.object({ success: z.boolean() });
const moved = z.object({ head: z.string().describe("The commit that is checked out now") });
const byName = z.strictObject({ name });

function read(path: string, summary: string, description: string) {
  return procedure.route({ method: "GET", path: `/workspaces/{name}/git/${path}`, summary, description });
}

function ask(path: string, summary: string, description: string) {
  return procedure.route({ method: "POST", path: `/workspaces/{name}/git/${path}`, summary, description });
}

/** Git in the repository of a workspace. Results are data; policies of the workspace and of the token hold. */
export const git = {
  status: read("status", "Status of the repository", "The branch, what it follows, and what has changed.")
    .input(
      z.strictObject({
        name,
        untracked: z
          .enum(["directories", "files", "none"])
          .optional()
          .describe("New directories as one entry (by default), file by file, or not at all"),
        limit: count.min(1).max(50_000).optional().describe("Files, 5,000 by default"),
      }),
    )
    .output(gitStatus),
  log: read("log", "Read the history", "Commits, newest first, 10 by default.")
    .input(
      z.strictObject({
        name,
        ref: ref.optional().describe("Where to begin; what is checked out by default"),
        from: ref.optional().describe("Only commits that this one does not have"),
        path: path.optional().describe("Only commits that changed it"),
        limit: count.min(1).max(1_000).optional(),
        skip: count.max(10_000_000).optional(),
      }),
    )
    .output(gitLog),
  diff: ask(
    "diff",
    "Compare",
    "The working tree with what is staged, what is staged with the last commit, or two commits. Files that a policy hides are only counted.",
  )
    .input(
      z.strictObject({
        name,
        staged: z.boolean().optional().describe("What is staged, instead of the working tree"),
        from: ref.optional().describe("Compare with this instead of what is staged"),
        to: ref.optional().describe("A second one, instead of the working tree"),
        mergeBase: z.boolean().optional().describe("Compare with where the two parted, as a pull request does"),
        ...comparing,
      }),
    )
    .output(gitDiff),
  show: ask("show", "Show a commit", "A commit and what it changed; of a merge, against its first parent.")
    .input(z.strictObject({ name, ref: ref.optional(), ...comparing }))
    .output(z.object({ commit: gitCommit, diff: gitDiff })),
  blob: ask("blob", "Read a file of a commit", "A file as it is in a commit or as it is staged, at most 1 MiB of it.")
    .input(
      z.strictObject({
        name,
        path: path.min(1),
        ref: ref.optional().describe("As it is staged where absent"),
        base64: z.boolean().optional().describe("Its bytes as base64, as images need it"),
      }),
    )
    .output(gitBlob),
  add: ask("add", "Stage files", "Stages files and directories as they are, what is gone included.")
    .input(z.strictObject({ name, paths }))
    .output(done),
  unstage: ask("unstage", "Unstage files", "Takes them out of what is staged. The working tree stays as it is.")
    .input(z.strictObject({ name, paths }))
    .output(done),
  restore: ask(
    "restore",
    "Give up changes",
    "Brings files back as they are staged, or as they are in a commit. Refused where changes would be lost, unless that is allowed.",
  )
    .input(z.strictObject({ name, paths, from: ref.optional(), allowDestructive }))
    .output(done),
  commit: ask(
    "commit",
    "Commit",
    "Commits what is staged, or everything. Hooks of the repository run in the workspace.",
  )
    .input(
      z.strictObject({
        name,
        message: z.string().min(1).max(100_000),
        all: z.boolean().optional().describe("Stages everything first that is not ignored"),
        amend: z.boolean().optional().describe("Replaces the last commit"),
        allowDestructive,
      }),
    )
    .output(gitCommit),
  pull: ask(
    "pull",
    "Pull",
    "Fetches the branch and goes on to it, where nothing was committed here meanwhile. With rebase, what was committed here is put on top.",
  )
    .input(
      z.strictObject({
        name,
        branch: branch.optional().describe("By default the one that is followed, or else that it was begun from"),
        rebase: z.boolean().optional(),
        allowDirty: z
          .boolean()
          .optional()
          .describe("Also with changes that are not committed, where git can keep them"),
      }),
    )
    .output(
      z.object({
        branch: z.string(),
        from: z.string().optional().describe("The commit before"),
        to: z.string(),
        commits: z.number().describe("How many came in"),
      }),
    ),
  push: ask(
    "push",
    "Push",
    "Brings what is checked out to a branch of the remote, as the workspace's grant allows. Force only replaces what was last seen there.",
  )
    .input(
      z.strictObject({
        name,
        branch: branch.optional().describe("The one of the same name by default"),
        force: z.boolean().optional(),
        expected: hash.describe("With force: the commit that the remote must still have"),
      }),
    )
    .output(z.object({ branch: z.string(), commit: z.string() })),
  branches: {
    list: read(
      "branches",
      "List branches",
      "Those of the repository, newest commit first, and those seen on the remote.",
    )
      .input(z.strictObject({ name }))
      .output(z.object({ branches: z.array(gitBranch), truncated: z.boolean() })),
    create: ask("branches", "Make a branch", "Makes it without checking it out.")
      .input(z.strictObject({ name, branch, from: ref.optional() }))
      .output(z.object({ branch: z.string(), head: z.string() })),
    delete: procedure
      .route({
        method: "DELETE",
        path: "/workspaces/{name}/git/branches",
        summary: "Delete a branch",
        description: "Here only, not on the remote. Refused where commits would be lost, unless that is allowed.",
      })
      .input(z.strictObject({ name, branch, allowDestructive }))
      .output(done),
  },
  checkout: ask(
    "checkout",
    "Check out",
    "A branch, also one that only the remote has, or with create a new one. Refused where changes would be lost, unless that is allowed.",
  )
    .input(
      z.strictObject({
        name,
        branch: ref,
        create: z.boolean().optional(),
        from: ref.optional().describe("With create: where it begins"),
        detach: z.boolean().optional().describe("A commit or tag, without a branch"),
        allowDestructive,
      }),
    )
    .output(z.object({ branch: z.string().optional(), head: z.string().optional() })),
  stash: {
    list: read("stashes", "List stashes", "What was put away, newest first.").input(byName).output(z.array(gitStash)),
    push: ask("stashes", "Put changes away", "Keeps them as a stash and brings back what is committed.")
      .input(
        z.strictObject({
          name,
          message: z.string().max(10_000).optional(),
          untracked: z.boolean().optional().describe("New files too"),
        }),
      )
      .output(z.object({ created: z.boolean().describe("false where there was nothing to put away") })),
    pop: ask("stashes/pop", "Bring a stash back", "The newest by default. It is kept where it does not fit.")
      .input(z.strictObject({ name, index: count.max(10_000).optional(), hash }))
      .output(done),
    drop: procedure
      .route({
        method: "DELETE",
        path: "/workspaces/{name}/git/stashes",
        summary: "Forget a stash",
        description: "What is in it lies nowhere else, so it has to be allowed.",
      })
      .input(z.strictObject({ name, index: count.max(10_000), hash, allowDestructive }))
      .output(done),
  },
  rebase: {
    start: ask(
      "rebase",
      "Rebase",
      "Puts the commits of the branch on top of another. At a conflict it waits to be continued or given up.",
    )
      .input(
        z.strictObject({
          name,
          onto: ref,
          prefer: z.enum(["onto", "branch"]).optional().describe("Whose side is taken where both changed a line"),
          allowDestructive,
        }),
      )
      .output(moved),
    continue: ask("rebase/continue", "Go on with a rebase", "Once the conflicts are resolved and staged.")
      .input(byName)
      .output(moved),
    abort: ask("rebase/abort", "Give up a rebase", "Brings back what was there before it.").input(byName).output(moved),
  },
  reset: ask(
    "reset",
    "Reset",
    "Moves the branch to a commit; hard also brings the working tree there. Refused where something would be lost, unless that is allowed.",
  )
    .input(
      z.strictObject({
        name,
        target: ref.optional().describe("What is checked out by default"),
        mode: z.enum(["soft", "mixed", "hard"]).optional().describe("mixed by default"),
        allowDestructive,
      }),
    )
    .output(moved),
};
