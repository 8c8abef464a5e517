import { posix } from "node:path";
import { gzipSync } from "node:zlib";

/** The chunks that are loaded when a part is opened, or once the first screen is there, and what only they lead to, do not count. */
const DEFERRED =
  /^(?:terminal-screen|(?:terminals|files|git)-panel|(?:tasks|logs|inbox|workers)-view|details|watch|code-action-sheet|worker-(?:away|choices)|(?:asked|create|share|rename-terminal|sign-out)-dialog|(?:settings|actions|terminal)-items)\b/;

/**
 * Follows a built page from its HTML through every script it leads to, static and dynamic, less those of what is opened later. `read`
 * takes a path from the page's folder.
 */
export function firstLoad(html: string, read: (path: string) => Buffer): { files: string[]; bytes: number } {
  const waiting = entries(html);
  const seen = new Set<string>();
  let bytes = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path) || DEFERRED.test(posix.basename(path))) continue;
    seen.add(path);
    const script = read(path);
    bytes += gzipSync(script).byteLength;
    const folder = posix.dirname(path);
    waiting.push(...imports(script.toString()).map((name) => posix.join(folder, name)));
  }
  if (seen.size === 0) throw new Error("The page names no script.");
  return { files: [...seen].sort(), bytes };
}

function entries(html: string): string[] {
  const scripts = html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g);
  const preloads = html.matchAll(/<link\b[^>]*\brel="modulepreload"[^>]*\bhref="([^"]+)"/g);
  return [...scripts, ...preloads].map(([, path = ""]) => posix.normalize(path).replace(/^\.?\//, ""));
}

/** `from"./x.js"`, `import"./x.js"` and `import("./x.js")`, as bundlers write them. */
function imports(script: string): string[] {
  return [...script.matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g)].map(
    ([, path = ""]) => path,
  );
}
