import { refusalOf } from "../push/policy.ts";
import type { Granted } from "../lead/granted.ts";
import { RouteRefused } from "../protocol/routes.ts";

/**
 * Throws `RouteRefused` where the worker's credential may not be used to change what the forge has. An object belongs to no
 * branch, so the ref is only what the workspace says that it is for. Without a grant, the forge judges.
 */
export function requireWrite(granted: Granted | undefined, { ref }: { ref?: string } = {}): void {
  if (granted === undefined) return;
  const rules = granted.rules();
  if (rules.access !== "write") throw new RouteRefused(403, "Workspace may only read this repository.");
  if (ref === undefined || !/^refs\/(?:heads|tags)\//.test(ref)) return;
  const reason = refusalOf({ ref, to: "new" }, rules);
  if (reason !== undefined) throw new RouteRefused(403, `Workspace refused the large files of ${ref}: ${reason}.`);
}
