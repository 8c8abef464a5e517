import { posix } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Follows a built page from its HTML through every script that it needs to be there. What a part loads by `import()` when it is opened does
 * not count; that nothing else does so is seen to at the build. `read` takes a path from the page's folder.
 */
export function firstLoad(html: string, read: (path: string) => Buffer): { files: string[]; bytes: number } {
  const waiting = entries(html);
  const seen = new Set<string>();
  let bytes = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
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

/** `from"./x.js"` and `import"./x.js"`, as bundlers write them. */
function imports(script: string): string[] {
  return [...script.matchAll(/\b(?:from|import)\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g)].map(([, path = ""]) => path);
}
