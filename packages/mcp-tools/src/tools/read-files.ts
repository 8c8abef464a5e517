import type { FileContent } from "@ws/rpc-contract";
import { z } from "zod";
import { ToolError } from "../failure.ts";
import { tool } from "../tool.ts";
import { name as repo, path, looking } from "./fields.ts";
import { oneLine } from "./one-line.ts";
import { counted } from "./counted.ts";

const look = { ...looking, workspaceField: "repo" } as const;

const LARGEST = 1_048_576;

export const workspaceRead = tool({
  ...look,
  name: "workspace_read",
  title: "Read a file",
  description:
    "Reads a text file of a workspace, up to 1 MiB; a larger one line by line with offset and limit. What is no text is told and not read.",
  fields: z.strictObject({
    repo,
    path,
    offset: z.number().int().positive().optional().describe("First line, from 1"),
    limit: z.number().int().positive().optional().describe("How many lines at most"),
    max_size: z.number().int().positive().max(LARGEST).optional().describe("Refuse a file of more bytes"),
  }),
  aliases: { name: "repo", file: "path" },
  async run({ repo: name, path: asked, offset, limit, max_size: most }, { client, signal }) {
    const read = await client.files.read({ name, path: asked, offset, limit }, { signal });
    if (most !== undefined && offset === undefined && limit === undefined && read.size > most) {
      throw new ToolError({
        code: "file_too_large",
        message: `'${read.path}' has ${counted(read.size, "byte")}, more than the ${most} that were asked for at most.`,
        next: "Read a part of it with offset and limit.",
        details: { path: read.path, size: read.size, limit: most },
      });
    }
    return showContent(name, read);
  },
});

function showContent(repository: string, read: FileContent) {
  const { path: shown, size, version } = read;
  const common = { repo: repository, path: shown, size, version };
  if (read.binary) {
    const text = `'${shown}' is no text: ${counted(size, "byte")}.`;
    return { data: { ...common, binary: true }, text };
  }
  const { content, offset, linesRead, totalLines, truncated } = read;
  const last = offset + linesRead - 1;
  const note = `Lines ${offset} to ${last}; the file goes on: read it with offset ${last + 1}.`;
  return {
    data: { ...common, content, offset, lines_read: linesRead, total_lines: totalLines, truncated },
    text: content,
    ...(truncated ? { note } : {}),
  };
}

export const workspaceLs = tool({
  ...look,
  name: "workspace_ls",
  title: "List a directory",
  description: "Lists a directory of a workspace, directories first.",
  fields: z.strictObject({
    repo,
    path: path.optional(),
    limit: z.number().int().positive().max(20_000).optional().describe("Most entries, 1000 where absent"),
  }),
  aliases: { name: "repo" },
  async run({ repo: name, path: asked, limit = 1_000 }, { client, signal }) {
    const listed = await client.files.list({ name, path: asked, limit }, { signal });
    const entries = listed.entries.map(({ name: entry, type, size, target }) => ({ name: entry, type, size, target }));
    const lines = entries.map((entry) => `${oneLine(entry.name)}${entry.type === "directory" ? "/" : ""}`);
    return {
      data: { repo: name, path: listed.path, entries, truncated: listed.truncated },
      text: lines.length === 0 ? "It is empty." : lines.join("\n"),
      ...(listed.truncated ? { note: "There are more entries: ask for them with limit." } : {}),
    };
  },
});

export const workspaceGrep = tool({
  ...look,
  name: "workspace_grep",
  title: "Search in files",
  description: "Finds the lines that match a regular expression, without what git ignores.",
  fields: z.strictObject({
    repo,
    pattern: z.string().min(1).max(1_000).describe("A regular expression, or with literal a text"),
    path: path.optional(),
    include: z.string().min(1).max(500).optional().describe("Only files whose name or path fits, such as *.ts"),
    max_results: z.number().int().positive().max(500).optional().describe("100 where absent"),
    context_lines: z.number().int().nonnegative().max(10).optional(),
    ignore_case: z.boolean().optional(),
    literal: z.boolean().optional(),
  }),
  aliases: { name: "repo" },
  async run({ repo: name, max_results: maxResults, context_lines: context, ignore_case: ignoreCase, ...asked }, use) {
    const { client, signal } = use;
    const found = await client.files.grep({ name, maxResults, context, ignoreCase, ...asked }, { signal });
    const { matches, truncated, tooLarge = [] } = found;
    const lines = matches.map((match) => `${oneLine(match.path)}:${match.line}:${match.text}`);
    const unsearched = `Not searched, as it is over 16 MiB: ${tooLarge.map(oneLine).join(", ")}. Name a file as path to have it searched.`;
    const note = truncated ? "There are more matches." : tooLarge.length > 0 ? unsearched : undefined;
    return {
      data: { repo: name, ...found },
      text: lines.length === 0 ? "Nothing matches." : lines.join("\n"),
      ...(note === undefined ? {} : { note }),
    };
  },
});
