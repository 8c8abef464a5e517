import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const pattern = z.string().max(512).describe("A policy's pattern of path segments: src/**, docs, *.md");
const patterns = z.array(pattern).max(1_000);

/** What a pipeline reads of a workspace. */
export const fetchSettings = z.strictObject({
  repo: name,
  paths: patterns.optional().describe("Files and directories; all where absent"),
  max_files: z.number().int().positive().max(100_000).optional().describe("How many files become packets at most"),
  since_commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional()
    .describe("Only files that differ from this commit become packets"),
  include_glob: pattern.optional().describe("Only these files; without a slash, by their name in any directory"),
  exclude_glob: pattern.optional().describe("None of these files"),
});
export type FetchSettings = z.infer<typeof fetchSettings>;

/** What a pipeline writes to a workspace. */
export const publishSettings = z.strictObject({
  repo: name,
  writable_paths: patterns.min(1),
  branch_mode: z.enum(["current", "fixed"]).optional().describe("current where absent"),
  fixed_branch: z.string().min(1).max(244).optional().describe("The only branch, where the mode is fixed"),
  commit_enabled: z.boolean().optional(),
  push_enabled: z.boolean().optional(),
  commit_message: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe("Of commits without one; {message} is the one that is given, {repo} the workspace"),
});
export type PublishSettings = z.infer<typeof publishSettings>;

/** A look at one terminal. */
const watchSettings = z.strictObject({
  repo: name,
  terminal: z.string().max(32).describe("Its id"),
  worker: z
    .string()
    .optional()
    .describe("Id of the worker that it is on, which judges the token too; not to be asked for"),
});

/** What a token may be limited to. */
export const handler = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fetch"), settings: fetchSettings }),
  z.strictObject({ kind: z.literal("publish"), settings: publishSettings }),
  z.strictObject({ kind: z.literal("terminal"), settings: watchSettings }),
]);
export type Handler = z.infer<typeof handler>;

export const packet = z.object({
  repo: name,
  path: z.string(),
  commit: z.string().optional().describe("What is checked out; absent before the first commit"),
  size: z.number().describe("Bytes"),
  content: z.string(),
});
export type Packet = z.infer<typeof packet>;

export const packetEvent = z.discriminatedUnion("type", [
  packet.extend({ type: z.literal("packet") }),
  z.object({
    type: z.literal("summary"),
    packets: z.number(),
    skipped: z.object({
      binary: z.number(),
      tooLarge: z.number(),
      hidden: z.number().describe("By the settings, the policy or the token"),
    }),
    truncated: z.boolean().describe("Whether there are more files than max_files"),
  }),
]);
export type PacketEvent = z.infer<typeof packetEvent>;

/** Ends of pipelines. */
export const handlers = {
  packets: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/packets",
      summary: "Fetch files as packets",
      description:
        "Each text file that git knows or would add, by path, then a summary. A token that is limited to fetching narrows what it is asked for.",
    })
    .input(fetchSettings.omit({ repo: true }).extend({ name }))
    .output(eventIterator(packetEvent)),
};
