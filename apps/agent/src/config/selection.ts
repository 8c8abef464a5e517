import type { CredentialSelection } from "@ws/workspace-core";

/** Those of the worker's credentials that a workspace may use: all where nothing was said. */
export function selected<T>(
  all: Readonly<Record<string, T>>,
  selection: CredentialSelection = "all",
): Record<string, T> {
  if (selection === "all") return { ...all };
  if (selection === "none") return {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => selection.includes(name)));
}
