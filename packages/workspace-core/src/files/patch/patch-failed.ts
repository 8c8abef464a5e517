import { WsError } from "../../errors.ts";
import { excerpt } from "../../names.ts";

export function patchFailed(why: string, where: { path?: string; line?: number }): WsError<"patch_check_failed"> {
  const path = where.path === undefined ? undefined : excerpt(where.path);
  const at = path === undefined ? (where.line === undefined ? "" : `, line ${where.line}`) : ` for '${path}'`;
  return new WsError("patch_check_failed", {
    message: `The patch${at} cannot be applied: ${why}. Nothing was changed.`,
    next: "Read the files as they are now, and make the patch anew.",
    data: { ...(path === undefined ? {} : { path }), ...(where.line === undefined ? {} : { line: where.line }) },
  });
}
