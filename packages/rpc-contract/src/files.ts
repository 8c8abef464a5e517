import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { flag } from "./flag.ts";
import { name } from "./workspace-info.ts";

const path = z.string().max(5_000).describe("From the workspace's directory, segments joined by /: src/main.ts");
const version = z.string().describe("Differs once the file does; give it as expect to change no other content");
const expect = z
  .string()
  .max(200)
  .optional()
  .describe("The version that must still be there, or 'absent'; another one is a conflict");

export const fileText = z.object({
  path: z.string(),
  binary: z.literal(false),
  content: z.string().describe("Whole lines as they are, line ends included"),
  encoding: z.literal("utf-8"),
  size: z.number().describe("Of the whole file, in bytes"),
  offset: z.number().describe("The first line of the content, from 1"),
  limit: z.number().optional(),
  linesRead: z.number(),
  totalLines: z.number().optional().describe("Known once the end was reached"),
  truncated: z.boolean().describe("Whether the file goes on after the content"),
  version,
});
export const fileBinary = z.object({
  path: z.string(),
  binary: z.literal(true).describe("It is no text, so no content is told; GET /files/{name}/{path} gives its bytes"),
  size: z.number(),
  version,
});
export const fileContent = z.discriminatedUnion("binary", [fileText, fileBinary]);
export type FileContent = z.infer<typeof fileContent>;

const looked = {
  type: z.enum(["file", "directory", "symlink", "other"]),
  size: z.number(),
  modifiedAt: z.string(),
  mode: z.number().describe("Permission bits"),
  target: z.string().optional().describe("What a link says"),
};

export const fileEntry = z.object({
  name: z.string(),
  ...looked,
  protected: z.literal(true).optional().describe("The policy lets nobody read it"),
});
export type FileEntry = z.infer<typeof fileEntry>;

export const fileStat = z.object({
  path: z.string(),
  ...looked,
  version,
  readable: z.boolean().describe("Whether the policy lets it be read"),
  writable: z.boolean().describe("Whether the policy lets it be changed"),
});
export type FileStat = z.infer<typeof fileStat>;

export const grepMatch = z.object({
  path: z.string(),
  line: z.number(),
  text: z.string().describe("Without its line end, at most 1,000 characters"),
  before: z.array(z.string()).optional(),
  after: z.array(z.string()).optional(),
});
export type GrepMatch = z.infer<typeof grepMatch>;

export const patchedFile = z.object({
  path: z.string(),
  change: z.enum(["created", "changed", "removed", "renamed"]),
  from: z.string().optional().describe("Its path before it was renamed"),
  additions: z.number(),
  deletions: z.number(),
});
export type PatchedFile = z.infer<typeof patchedFile>;

export const fileChange = z.union([
  z.object({ paths: z.array(z.string()).describe("Made, changed, moved or removed; of a move both paths") }),
  z.object({ git: z.literal(true).describe("Git may stand elsewhere: another commit, other staged files") }),
  z.object({
    resync: z.literal(true).describe("Anything may have changed"),
    slow: z.string().optional().describe("Why that is all that is told, every few seconds"),
  }),
]);
export type FileChange = z.infer<typeof fileChange>;

/** Files below a workspace's directory, behind its policy. Bytes of any size go over GET and PUT /files/{name}/{path}. */
export const files = {
  read: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files/content",
      summary: "Read a text file",
      description:
        "Up to 1 MiB of whole lines. A larger file needs offset or limit, and what is no text is told and not read.",
    })
    .input(
      z.strictObject({
        name,
        path,
        offset: z.coerce.number().int().positive().optional().describe("First line, from 1"),
        limit: z.coerce.number().int().positive().optional().describe("Most lines"),
      }),
    )
    .output(fileContent),
  list: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files",
      summary: "List a directory",
      description: "Directories first, then files, by name. What the policy hides is left out.",
    })
    .input(
      z.strictObject({
        name,
        path: path.optional().describe("The workspace's directory where absent"),
        limit: z.coerce.number().int().positive().max(100_000).optional().describe("Most entries, 20,000 where absent"),
      }),
    )
    .output(
      z.object({
        path: z.string(),
        entries: z.array(fileEntry),
        truncated: z.boolean().describe("Whether there are more"),
      }),
    ),
  stat: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files/stat",
      summary: "Look at a file or directory",
      description: "Of the entry itself: a link is told, not followed.",
    })
    .input(z.strictObject({ name, path }))
    .output(fileStat),
  write: procedure
    .route({
      method: "PUT",
      path: "/workspaces/{name}/files/content",
      summary: "Write a file",
      description:
        "Replaces the file as a whole, with the directories on the way. Readers see the old content or the new, and a link is never written through.",
    })
    .input(
      z.strictObject({
        name,
        path,
        content: z.string(),
        encoding: z.enum(["utf-8", "base64"]).optional(),
        mode: z.number().int().min(0).max(0o777).optional().describe("Permission bits; the old file's where absent"),
        expect,
      }),
    )
    .output(z.object({ path: z.string(), size: z.number(), created: z.boolean(), version })),
  edit: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/files/edit",
      summary: "Replace text in a file",
      description:
        "Replaces the one place where the old text stands. Several places are a conflict that tells their lines, unless all are to be replaced.",
    })
    .input(
      z.strictObject({
        name,
        path,
        oldString: z.string().min(1),
        newString: z.string(),
        replaceAll: z.boolean().optional(),
        expect,
      }),
    )
    .output(z.object({ path: z.string(), replacements: z.number(), size: z.number(), version })),
  patch: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/files/patch",
      summary: "Apply a patch",
      description:
        "Applies a unified diff whole, or changes nothing. Each hunk must fit exactly, at its line or near it.",
    })
    .input(
      z.strictObject({
        name,
        patch: z.string().min(1),
        dryRun: z.boolean().optional().describe("Only tells what would be changed"),
      }),
    )
    .output(z.object({ files: z.array(patchedFile) })),
  mkdir: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/files/directories",
      summary: "Make a directory",
      description: "With those on the way; one that is there already is success.",
    })
    .input(z.strictObject({ name, path }))
    .output(z.object({ path: z.string(), created: z.boolean() })),
  move: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/files/move",
      summary: "Move or rename",
      description:
        "Gives a file or a directory another path. What lies there already is a conflict, unless it is to be replaced.",
    })
    .input(z.strictObject({ name, from: path, to: path, replace: z.boolean().optional() }))
    .output(z.object({ path: z.string() })),
  remove: procedure
    .route({
      method: "DELETE",
      path: "/workspaces/{name}/files",
      summary: "Remove a file or directory",
      description: "A directory with content needs recursive. What is not there is success.",
    })
    .input(z.strictObject({ name, path, recursive: flag.optional() }))
    .output(z.object({ path: z.string(), removed: z.boolean().describe("Whether there was something to remove") })),
  find: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files/find",
      summary: "Find files by name",
      description:
        "Paths in which all words of the query stand, the best first, without what git ignores or the policy hides.",
    })
    .input(
      z.strictObject({
        name,
        query: z.string().trim().min(1).max(500).describe("Words, in whatever case"),
        maxResults: z.coerce.number().int().positive().max(500).optional().describe("100 where absent"),
      }),
    )
    .output(z.object({ paths: z.array(z.string()), truncated: z.boolean().describe("Whether there are more") })),
  grep: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files/grep",
      summary: "Search in files",
      description: "Lines that match a regular expression or a text, without what git ignores or the policy hides.",
    })
    .input(
      z.strictObject({
        name,
        pattern: z.string().min(1).max(1_000),
        path: path.optional().describe("Directory or file to search; the workspace's directory where absent"),
        literal: flag.optional().describe("Whether the pattern is plain text"),
        ignoreCase: flag.optional(),
        include: z.string().min(1).max(500).optional().describe("Only files whose name or path fits, such as *.ts"),
        maxResults: z.coerce.number().int().positive().max(500).optional().describe("100 where absent"),
        context: z.coerce.number().int().nonnegative().max(10).optional().describe("Lines before and after each"),
      }),
    )
    .output(
      z.object({
        matches: z.array(grepMatch),
        truncated: z.boolean().describe("Whether there are more"),
        tooLarge: z
          .array(z.string())
          .optional()
          .describe(
            "Files over 16 MiB, which were not searched, at most 100; told where the matches are all there are",
          ),
      }),
    ),
  watch: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/files/changes",
      summary: "Watch files",
      description:
        "What changes, as it happens; first that anything may have. Where it would be too much to name, it is again that anything may have. Hidden files, and what lies in node_modules, dist and build, are not followed.",
    })
    .input(z.strictObject({ name }))
    .output(eventIterator(fileChange)),
};
