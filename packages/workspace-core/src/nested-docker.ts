import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import type { Profile, RuntimeName, WorkspaceRecord } from "./workspace.ts";

/** Throws `nested_docker_unavailable` where a workspace cannot have a Docker engine of its own, with the reason. */
export function requireDocker(
  { allowsDocker }: Pick<Engine, "allowsDocker">,
  runtime: RuntimeName,
  asked: { docker?: true | undefined; profile?: Profile; image?: string | undefined },
): void {
  const { docker, profile = "person", image } = asked;
  if (docker === undefined) return;
  if (runtime !== "docker") {
    throw unavailable(
      "The local runtime gives no workspace an engine of its own.",
      "Use the docker runtime for it, or leave --docker out.",
    );
  }
  if (profile !== "person") {
    throw unavailable(
      `A workspace that runs Docker has nearly the worker's own rights, and the profile '${profile}' promises that it has none.`,
      "Leave --docker or the profile out.",
    );
  }
  if (image !== undefined) {
    throw unavailable("A workspace that runs Docker has an image of its own.", "Leave --docker or --image out.");
  }
  if (allowsDocker?.() === true) return;
  throw unavailable(
    "This worker gives no workspace a Docker engine of its own, because one has nearly the worker's own rights.",
    "Its owner can allow it: ws config set docker.nested true.",
  );
}

/**
 * The same of one that was made with an engine of its own, when it is started. Throws `nested_docker_unavailable`: what is in it is still there,
 * and only the worker's owner decides whether it runs again.
 */
export function requireDockerStill({ allowsDocker }: Pick<Engine, "allowsDocker">, record: WorkspaceRecord): void {
  if (record.docker === undefined || allowsDocker?.() === true) return;
  throw unavailable(
    `'${record.name}' has a Docker engine of its own, and this worker lets none run any more. Its home stays.`,
    "Its owner can allow it again: ws config set docker.nested true.",
  );
}

function unavailable(message: string, next: string): WsError<"nested_docker_unavailable"> {
  return new WsError("nested_docker_unavailable", { message, next, data: { reason: message } });
}
