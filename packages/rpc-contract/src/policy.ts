import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const patterns = z
  .array(z.string().max(512))
  .max(1_000)
  .describe("Patterns of path segments from the workspace's directory: src/**, docs, *.md");

export const commands = z
  .array(z.string().max(256))
  .max(200)
  .describe(
    "Programs by the word that names them, such as git, or by their absolute path; basic stands for the usual twelve",
  );

export const policyRules = z.strictObject({
  readOnly: z.boolean().optional().describe("Nothing is changed: no file, no commit, no push"),
  allowedPaths: patterns.optional().describe("Only these paths can be seen"),
  writablePaths: patterns.optional().describe("Of what can be seen, only these paths can be changed"),
  hiddenPaths: patterns.optional().describe("These paths are as if they were not there"),
  sensitivePaths: z
    .boolean()
    .optional()
    .describe("Whether .env, keys, logins and the like can be neither read nor written; true unless set"),
  fixedBranch: z.string().optional().describe("The one branch that is worked on"),
  commit: z.boolean().optional(),
  push: z.boolean().optional(),
  commands: commands.optional().describe("Only these programs can be run: exec, tasks, terminals"),
});
export type PolicyRules = z.infer<typeof policyRules>;

export const policyInfo = z.object({
  rules: policyRules.describe("The workspace's own"),
  layers: z
    .array(z.object({ of: z.enum(["workspace", "repository", "token"]), name: z.string(), rules: policyRules }))
    .describe("All that hold for the caller; what one of them forbids is forbidden"),
});
export type PolicyInfo = z.infer<typeof policyInfo>;

export const repositoryPolicy = z.object({
  repository: z.string().describe("host/owner/name"),
  rules: policyRules,
});
export type RepositoryPolicy = z.infer<typeof repositoryPolicy>;

const change = {
  set: policyRules.optional(),
  unset: z.array(z.string()).max(20).optional().describe("Rules to take back"),
};

/** What may be done in a workspace through the API. */
export const policy = {
  get: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/policy",
      summary: "Get a workspace's policy",
      description: "What may be done in it: its own rules, and with them those of its repository.",
    })
    .input(z.strictObject({ name }))
    .output(policyInfo),
  update: procedure
    .route({
      method: "PATCH",
      path: "/workspaces/{name}/policy",
      summary: "Change a workspace's policy",
      description: "Sets rules and takes rules back; what is not named stays.",
    })
    .input(z.strictObject({ name, ...change }))
    .output(policyInfo),
  repositories: {
    list: procedure
      .route({
        method: "GET",
        path: "/policies",
        summary: "List repositories' policies",
        description: "Rules that hold for every workspace of a repository.",
      })
      .output(z.array(repositoryPolicy)),
    update: procedure
      .route({
        method: "PATCH",
        path: "/policies",
        summary: "Change a repository's policy",
        description: "Sets rules for every workspace of a repository, whichever way its URL is written.",
      })
      .input(z.strictObject({ repository: z.string().min(1).max(2_000), ...change }))
      .output(repositoryPolicy),
  },
};
