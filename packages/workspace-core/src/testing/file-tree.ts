import type { ConfinedFiles } from "../confined.ts";
import { createFakeConfined } from "./fake-confined.ts";
import { createFakeHome } from "./fake-home.ts";

const ROOT = "/home/workspace/repo";

export interface FileTree {
  files: ConfinedFiles;
  /** What lies there as text, by path; a directory that is empty ends with a slash. */
  texts: () => Record<string, string>;
  link: (path: string, target: string) => void;
}

/** Confined files over a tree that is given as text. */
export function createFileTree(given: Record<string, string | Uint8Array> = {}): FileTree {
  const home = createFakeHome("ws-tree");
  home.directories.add(ROOT);
  for (const [path, content] of Object.entries(given)) {
    const names = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= names.length; depth += 1)
      home.directories.add(`${ROOT}/${names.slice(0, depth).join("/")}`);
    if (path.endsWith("/")) continue;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    home.files.set(`${ROOT}/${path}`, { content: bytes, mode: 0o644 });
  }
  return {
    files: createFakeConfined(home, ROOT, () => undefined),
    texts() {
      const below = (key: string): string => key.slice(ROOT.length + 1);
      const found = [...home.files].map(([key, { content }]): [string, string] => [
        below(key),
        new TextDecoder().decode(content),
      ]);
      return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
    },
    link: (path, target) => void home.links.set(`${ROOT}/${path}`, target),
  };
}
