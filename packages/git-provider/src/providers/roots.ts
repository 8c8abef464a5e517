import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { excerpt, WsError } from "@ws/workspace-core";

/**
 * The real path of something below one of these directories and not below the excepted one. What lies elsewhere, or leads there by a link, is refused
 * before it is looked for, so that nobody learns what the worker has. Throws `forbidden`, `reference_not_found`.
 */
export async function insideRoots(
  path: string,
  { roots, except }: { roots: readonly string[]; except: string },
  shown: string,
): Promise<string> {
  const wanted = resolve(path);
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  if (![...roots.map((root) => resolve(root)), ...real].some((root) => isWithin(root, wanted))) throw outside(shown);
  const found = await realpath(wanted).catch(() => undefined);
  if (found === undefined) {
    throw new WsError("reference_not_found", {
      message: `There is no repository at '${excerpt(shown)}'.`,
      next: "Check the path; a name without a slash makes a new repository.",
      data: { reference: excerpt(shown) },
    });
  }
  if (!real.some((root) => isWithin(root, found))) throw outside(shown);
  const excepted = await realpath(except).catch(() => resolve(except));
  if (found === excepted || isWithin(excepted, found)) throw outside(shown);
  return found;
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

function outside(shown: string): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: `'${excerpt(shown)}' is not below a directory whose repositories may be used.`,
    next: "On the worker, name its directory: ws config set git.roots DIRECTORY.",
    data: { needs: "git.roots" },
  });
}
