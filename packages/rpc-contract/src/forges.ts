import { z } from "zod";
import { procedure } from "./errors.ts";

export const reachableRepository = z.object({
  fullName: z.string().describe("owner/name"),
  url: z.string(),
  description: z.string(),
  private: z.boolean(),
  defaultBranch: z.string(),
  updated: z.string(),
});
export type ReachableRepository = z.infer<typeof reachableRepository>;

const asked = z
  .strictObject({
    search: z.string().max(200).optional().describe("Words of the name or the description"),
    perPage: z.coerce.number().int().min(1).max(100).optional().describe("30 where absent"),
    page: z.coerce.number().int().min(1).max(10_000).optional().describe("From 1"),
  })
  .optional();
const configured = z.boolean().describe("Whether the worker has a token or a login for it");

/** Where repositories live. */
export const forges = {
  repositories: procedure
    .route({
      method: "GET",
      path: "/forges/repositories",
      summary: "List reachable repositories",
      description:
        "What the worker's own token or login reaches, or its GitHub App is installed on at its GitHub, most recently changed first.",
    })
    .input(asked)
    .output(z.object({ configured, repositories: z.array(reachableRepository), hasMore: z.boolean() })),
};

/** The same in other words. */
export const github = {
  listRepos: procedure
    .route({
      method: "GET",
      path: "/github/repos",
      summary: "List GitHub repositories",
      description: "As /forges/repositories.",
    })
    .input(asked)
    .output(z.object({ configured, repos: z.array(reachableRepository), hasMore: z.boolean() })),
};
