import { excerpt, noVersionControl, type ProviderContext, WsError } from "@ws/workspace-core";
import type { Providers } from "../providers/providers.ts";

/**
 * The name of the change that is meant: as it is given, or what a reference leads to. Throws `no_version_control` for a plain
 * directory, which has none, and what the reference's provider finds.
 */
export async function changeNamed(
  { registry }: Pick<Providers, "registry">,
  given: string,
  action: "submit" | "review",
  context: ProviderContext,
): Promise<string> {
  if (!given.startsWith("#")) return given;
  const { extra, projectName, primaryWorkspaceDir, cloneUrl } = await (await registry()).resolveRef(given, context);
  const { change } = extra;
  if (change !== undefined) return `${projectName}/${change}`;
  if (cloneUrl === undefined) throw noVersionControl(primaryWorkspaceDir ?? projectName, action);
  throw new WsError("reference_invalid", {
    message: `'${excerpt(given)}' is the project '${projectName}' and none of its changes.`,
    next: `Name the change: ws change list --project ${projectName}.`,
    data: { reference: excerpt(given) },
  });
}
