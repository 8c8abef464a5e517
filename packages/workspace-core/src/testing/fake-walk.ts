import { confinedFault } from "../confined-faults.ts";
import { confinedNames } from "../confined-path.ts";
import type { FakeHome } from "./fake-home.ts";

/** A place that was reached below the root; the last so many of its names are not there. */
export interface Reached {
  path: string;
  missing: number;
}

const MOST_LINKS = 40;

/** Walks below a fake root name by name, following links as a real place does. */
export function createFakeWalk(
  { files, directories, links }: FakeHome,
  root: string,
): (path: string, followLast: boolean) => Reached {
  function requireRoot(): void {
    if (!root.startsWith("/")) throw confinedFault("invalid_input", root, "it is not absolute");
    if (files.has(root) || links.has(root)) throw confinedFault("not_a_directory", root);
    if (!directories.has(root)) throw confinedFault("file_not_found", root);
  }

  return (path, followLast) => {
    const waiting = confinedNames(path);
    requireRoot();
    let here: string[] = [];
    let followed = 0;
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (here.pop() === undefined) throw confinedFault("path_traversal", path);
        continue;
      }
      const key = [root, ...here, name].join("/");
      const isLast = waiting.every((each) => each === "" || each === ".");
      const target = isLast && !followLast ? undefined : links.get(key);
      if (target !== undefined) {
        followed += 1;
        if (followed > MOST_LINKS) throw confinedFault("invalid_input", path, "it leads through too many links");
        waiting.unshift(...relative(target, path));
        if (target.startsWith("/")) here = [];
      } else if (directories.has(key)) here.push(name);
      else if (files.has(key) || links.has(key)) {
        if (!isLast) throw confinedFault("not_a_directory", path);
        here.push(name);
      } else {
        if (waiting.includes("..")) throw confinedFault("file_not_found", path);
        const rest = [name, ...waiting].filter((each) => each !== "" && each !== ".");
        return { path: [...here, ...rest].join("/"), missing: rest.length };
      }
    }
    return { path: here.join("/"), missing: 0 };
  };

  function relative(target: string, path: string): string[] {
    if (!target.startsWith("/")) return target.split("/");
    if (target !== root && !target.startsWith(`${root}/`)) throw confinedFault("path_traversal", path);
    return target.slice(root.length + 1).split("/");
  }
}
