import { z } from "zod";
import { procedure } from "./errors.ts";
import { pullRequest } from "./workspace-info.ts";

const name = z.string().min(1).max(200);
const shape = {
  workflowType: z.string().optional().describe("The word in #type:ref; detected where absent"),
  url: z.string().optional().describe("What workspaces clone"),
  bareRepoDir: z.string().optional().describe("Bare repository on the worker"),
  workspaceDir: z.string().optional().describe("The worker's own directory with it"),
  defaultBranch: z.string().optional().describe("Where changes go"),
  maxWorkspaces: z.number().int().min(1).max(1_000).optional().describe("Most numbered workspaces at once"),
  submit: z.enum(["merge", "push", "pull_request"]).optional().describe("How its changes are submitted"),
};

export const project = z.object({ name, ...shape, file: z.string().optional() });
export type ProjectInfo = z.infer<typeof project>;

const state = z.enum(["draft", "review", "submitted", "abandoned"]);
export const change = z.object({
  name,
  project: z.string(),
  branch: z.string(),
  description: z.string(),
  state,
  pullRequest: pullRequest.optional(),
  created: z.string(),
  updated: z.string(),
});
export type ChangeInfo = z.infer<typeof change>;

const cwd = z.string().optional().describe("Directory of the worker that the path of a reference starts from");
const byName = z.strictObject({ name });

/** Registered repositories. */
export const projects = {
  list: procedure
    .route({
      method: "GET",
      path: "/projects",
      summary: "List projects",
      description: "Every project in alphabetical order, and what is wrong with files that cannot be used.",
    })
    .output(z.object({ projects: z.array(project), problems: z.array(z.string()) })),
  get: procedure
    .route({ method: "GET", path: "/projects/{name}", summary: "Get a project", description: "One project by name." })
    .input(byName)
    .output(project),
  add: procedure
    .route({
      method: "POST",
      path: "/projects",
      summary: "Add a project",
      description: "Registers a repository under a name. Directories of the worker are for administrators to name.",
    })
    .input(z.strictObject({ name, ...shape }))
    .output(project),
  remove: procedure
    .route({
      method: "DELETE",
      path: "/projects/{name}",
      summary: "Remove a project",
      description: "Forgets it and its changes. No repository and no workspace is touched.",
    })
    .input(byName)
    .output(z.object({ success: z.boolean() })),
  init: procedure
    .route({
      method: "POST",
      path: "/projects/{name}/init",
      summary: "Make a repository",
      description: "Makes a bare repository on the worker with a first commit, and registers it.",
    })
    .input(byName)
    .output(project),
  import: procedure
    .route({
      method: "POST",
      path: "/projects/import",
      summary: "Import projects",
      description:
        "Registers what NAME.gp files in a directory of the worker name in their lines BARE_REPO_DIR and WORKSPACE_DIR.",
    })
    .input(z.strictObject({ directory: z.string().min(1) }))
    .output(
      z.object({
        imported: z.array(z.string()),
        skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
      }),
    ),
};

/** Work on branches of projects. A name that several projects have is written project/name. */
export const changes = {
  list: procedure
    .route({
      method: "GET",
      path: "/changes",
      summary: "List changes",
      description: "Of all projects, or of one.",
    })
    .input(z.strictObject({ project: z.string().optional() }).optional())
    .output(z.array(change)),
  get: procedure
    .route({ method: "GET", path: "/changes/{name}", summary: "Get a change", description: "One change by name." })
    .input(byName)
    .output(change),
  put: procedure
    .route({
      method: "PUT",
      path: "/changes/{name}",
      summary: "Record a change",
      description: "Makes it, or changes what is given of one that is there.",
    })
    .input(
      z.strictObject({
        name,
        project: z.string(),
        branch: z.string().min(1).max(240).optional(),
        description: z.string().max(100_000).optional(),
        state: state.optional(),
      }),
    )
    .output(change),
  remove: procedure
    .route({
      method: "DELETE",
      path: "/changes/{name}",
      summary: "Forget a change",
      description: "Its branch and its pull request stay.",
    })
    .input(byName)
    .output(z.object({ success: z.boolean() })),
  submit: procedure
    .route({
      method: "POST",
      path: "/changes/{name}/submit",
      summary: "Submit a change",
      description: "Merges it, pushes it or opens its pull request, as its project says. Safe to repeat.",
    })
    .input(z.strictObject({ name, cwd, mode: z.enum(["merge", "push", "pull_request"]).optional() }))
    .output(change),
  review: procedure
    .route({
      method: "POST",
      path: "/changes/{name}/review",
      summary: "Ask for a review",
      description: "Brings it before its reviewers, where its provider has any. Safe to repeat.",
    })
    .input(
      z.strictObject({
        name,
        cwd,
        draft: z.boolean().optional(),
        labels: z.array(z.string()).optional(),
        reviewers: z.array(z.string()).optional(),
        teams: z.array(z.string()).optional(),
      }),
    )
    .output(change),
  check: procedure
    .route({
      method: "POST",
      path: "/changes/{name}/check",
      summary: "Look whether a change was submitted",
      description: "Asks where its pull request is, and records it as submitted where it was merged.",
    })
    .input(byName)
    .output(change),
  comments: procedure
    .route({
      method: "GET",
      path: "/changes/{name}/comments",
      summary: "Read a review",
      description: "What reviewers said, oldest first.",
    })
    .input(byName)
    .output(
      z.array(
        z.object({
          author: z.string(),
          body: z.string(),
          url: z.string(),
          created: z.string(),
          path: z.string().optional(),
          line: z.number().optional(),
          verdict: z.enum(["approved", "changes_requested", "commented"]).optional(),
        }),
      ),
    ),
};
