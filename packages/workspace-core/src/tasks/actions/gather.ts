import { WsError } from "../../errors.ts";
import type { WorkspaceFiles } from "../../files/workspace-files.ts";
import type { GitWork } from "../../git-work.ts";
import type { ActionContext, TaskAction } from "./action.ts";
import { diffText } from "./diff-text.ts";

/** A part of what an action is about. */
export interface ActionPart {
  /** What it is, in words of ours; a path in it is quoted as JSON. */
  title: string;
  /** Somebody else's words. */
  content: string;
  /** Whether it goes on. */
  cut: boolean;
}

/** The workspace as whoever asks may see it. */
export interface ActionSource {
  files: () => Promise<Pick<WorkspaceFiles, "read">>;
  git: () => Promise<Pick<GitWork, "diff" | "status">>;
}

const MOST_BYTES = 200 * 1024;
const MOST_NAMES = 200;

/**
 * What an action is about, read through what its asker may see: a path that is hidden from them is refused, and what is hidden is in no difference. At most
 * 200 KiB in all. Throws `invalid_input` and what files and git throw.
 */
export async function gatherContext(
  action: TaskAction,
  context: ActionContext,
  source: ActionSource,
): Promise<ActionPart[]> {
  const { path, lines, selection, diff = action === "review" && path === undefined ? "working" : undefined } = context;
  if (lines !== undefined && path === undefined) throw unfit("lines", "Lines are of a file: name its path");
  if (lines !== undefined && lines.to < lines.from) throw unfit("lines", "The last line comes before the first");
  const parts: ActionPart[] = [];
  if (path !== undefined && (diff === undefined || selection !== undefined)) {
    parts.push(await filePart({ path, lines, selection }, source));
  } else if (selection !== undefined) parts.push({ title: "A text", content: selection, cut: false });
  if (diff !== undefined) parts.push(...(await diffParts(diff, path, source)));
  return fitted(parts);
}

async function filePart(
  { path, lines, selection }: { path: string; lines: ActionContext["lines"]; selection: string | undefined },
  source: ActionSource,
): Promise<ActionPart> {
  const files = await source.files();
  // Read also where its text is given, because who may not see a file is not to lead a tool to it.
  const range = selection === undefined ? lines : { from: lines?.from ?? 1, to: lines?.from ?? 1 };
  const read = await files.read(
    path,
    range === undefined ? {} : { offset: range.from, limit: range.to - range.from + 1 },
  );
  const name = JSON.stringify(read.path);
  const where = lines === undefined ? `the file ${name}` : `lines ${lines.from} to ${lines.to} of the file ${name}`;
  if (selection !== undefined) return { title: `A part of ${where}`, content: selection, cut: false };
  if (read.binary) throw unfit("path", `${name} is not a text`);
  const title = `${where.charAt(0).toUpperCase()}${where.slice(1)}`;
  return { title, content: read.content, cut: lines === undefined && read.truncated };
}

async function diffParts(diff: string, path: string | undefined, source: ActionSource): Promise<ActionPart[]> {
  const git = await source.git();
  const range =
    diff === "working" ? { from: "HEAD" } : diff === "staged" ? { staged: true } : { from: diff, mergeBase: true };
  const found = await git.diff({ ...range, ...(path === undefined ? {} : { paths: [path] }) });
  const what =
    diff === "working"
      ? "What is not committed"
      : diff === "staged"
        ? "What is staged"
        : `What changed since ${JSON.stringify(diff)}`;
  const parts: ActionPart[] = [{ title: what, content: diffText(found), cut: found.truncated }];
  if (diff === "working") {
    const { files } = await git.status({ untracked: "files", limit: MOST_NAMES });
    const added = files.filter((file) => file.worktree === "untracked" && (path === undefined || file.path === path));
    if (added.length > 0) {
      const content = added.map((file) => JSON.stringify(file.path)).join("\n");
      parts.push({ title: "New files that git does not know yet", content, cut: added.length === MOST_NAMES });
    }
  }
  if (parts.every(({ content }) => content === "")) {
    const next = "Say what it is about: --diff BRANCH or --path FILE.";
    throw unfit("diff", diff === "working" ? "Nothing is uncommitted" : `${what} is nothing`, next);
  }
  return parts;
}

/** As much as fits, and at least something of each. */
function fitted(parts: readonly ActionPart[]): ActionPart[] {
  const each = Math.floor(MOST_BYTES / Math.max(1, parts.length));
  return parts.map((part) => {
    // No prompt holds a zero.
    const content = beginning(part.content.replaceAll("\0", "\uFFFD"), each);
    return { ...part, content, cut: part.cut || content.length < part.content.length };
  });
}

function beginning(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= most) return text;
  // A character that is cut off is not said at all.
  return new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
}

function unfit(field: string, why: string, next = "Correct it and try again."): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `${why}.`,
    next,
    data: { field: `context.${field}` },
  });
}
