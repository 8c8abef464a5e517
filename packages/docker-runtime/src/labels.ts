import { createHash } from "node:crypto";

import type { Profile, WorkspaceId } from "@ws/workspace-core";

/** Every container, volume and network of ours carries the first; what does not is never touched. */
export const INSTANCE_LABEL = "ws.instance";
export const WORKSPACE_LABEL = "ws.workspace";
const PROFILE_LABEL = "ws.profile";
/** What a container that is no workspace is for. */
export const ROLE_LABEL = "ws.role";

/** The labels of a workspace's container or home. */
export function workspaceLabels(instance: string, id: WorkspaceId, profile?: Profile): Record<string, string> {
  return {
    [INSTANCE_LABEL]: instance,
    [WORKSPACE_LABEL]: id,
    ...(profile !== undefined && { [PROFILE_LABEL]: profile }),
  };
}

/** The id that labels carry, where they are those of a workspace of this instance. */
export function workspaceOf(
  labels: Readonly<Record<string, string>> | null,
  instance: string,
): WorkspaceId | undefined {
  if (labels?.[INSTANCE_LABEL] !== instance) return undefined;
  const id = labels[WORKSPACE_LABEL];
  return id?.startsWith("ws-") === true ? (id as WorkspaceId) : undefined;
}

/** An engine filter; with an id, for that workspace only. */
export function labelFilter(instance: string, id?: WorkspaceId): { label: string[] } {
  return { label: [`${INSTANCE_LABEL}=${instance}`, id === undefined ? WORKSPACE_LABEL : `${WORKSPACE_LABEL}=${id}`] };
}

export function homeVolume(id: WorkspaceId): string {
  return `workspace-${id}-home`;
}

/** What a Docker engine of its own keeps; goes with the home. */
export function dockerVolume(id: WorkspaceId): string {
  return `workspace-${id}-docker`;
}

/**
 * What a workspace's container may be called, the best first. An engine knows each name once, and another worker
 * on it may hold ours; a dot cannot be part of a workspace's name, so the second form is never another's first.
 */
export function containerNames(id: WorkspaceId, name: string): readonly [string, string] {
  return [`workspace-${name}`, `workspace-${name}.${id.slice("ws-".length)}`];
}

/** The workspace's name in a container's. */
export function nameOfContainer(container: string): string {
  const name = container.replace(/^\//, "").replace(/^workspace-/, "");
  const dot = name.indexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

/** Ten characters that stand for an instance where names are short (15 for a network interface). */
export function shortInstance(instance: string): string {
  return createHash("sha256").update(instance).digest("hex").slice(0, 10);
}
