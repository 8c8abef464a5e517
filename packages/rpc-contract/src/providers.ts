import { z } from "zod";
import { procedure } from "./errors.ts";

export const providerInfo = z.object({
  name: z.string(),
  source: z.string().describe("built-in, or the npm package it came from"),
  integrity: z.string().optional().describe("Hash of a package's content: `sha256-` and hex digits"),
  locked: z.boolean().optional().describe("Whether the setting `providers` holds a package to its hash"),
  enabled: z.boolean(),
  workflowType: z.string().optional().describe("The word in #type:ref"),
  displayName: z.string().optional(),
  refPattern: z.string().optional().describe("Regular expression that finds its references"),
  preAllocatedEnvPrefix: z.string().optional(),
  vcsFamily: z.string().optional(),
  vcsProviderName: z.string().optional(),
  problem: z.string().optional().describe("Why it cannot be used"),
});
export type ProviderInfo = z.infer<typeof providerInfo>;

export const resolvedReference = z.object({
  workflowType: z.string(),
  projectName: z.string(),
  projectFile: z.string().optional(),
  primaryWorkspaceDir: z.string().optional().describe("The worker's own directory with it"),
  cloneUrl: z.string().optional().describe("What a workspace clones"),
  checkoutTarget: z.string().optional().describe("Branch to check out; the default one where absent"),
  allocates: z.boolean().describe("Whether numbered workspaces are handed out for it"),
  extra: z.record(z.string(), z.string()),
});
export type ResolvedReference = z.infer<typeof resolvedReference>;

const asked = z.strictObject({
  reference: z.string().min(1).max(4_096).describe("#type:ref, #type(ref) or #type_ref"),
  cwd: z.string().optional().describe("Directory of the worker that relative paths start from"),
});

/** What leads from a reference in a prompt to something to work on. */
export const providers = {
  list: procedure
    .route({
      method: "GET",
      path: "/providers",
      summary: "List providers",
      description: "All of them in the order in which they are asked, those that are switched off too.",
    })
    .output(z.array(providerInfo)),
  resolve: procedure
    .route({
      method: "POST",
      path: "/providers/resolve",
      summary: "Resolve a reference",
      description:
        "Finds what it leads to and registers it as a project. The first use of a new #git: name makes a repository.",
    })
    .input(asked)
    .output(resolvedReference),
  peek: procedure
    .route({
      method: "POST",
      path: "/providers/peek",
      summary: "Look at a reference",
      description: "Finds what it leads to and makes nothing.",
    })
    .input(asked)
    .output(resolvedReference),
};
