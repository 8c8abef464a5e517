import { WsError } from "../errors.ts";
import type { RuntimeName } from "../workspace.ts";
import type { DevcontainerMode } from "./plan.ts";

/**
 * How the devcontainer.json of what is asked for is followed; undefined where it is not. Throws `invalid_input` where there can be none,
 * or something else is asked for beside it.
 */
export function devcontainerOf(
  runtime: RuntimeName,
  asked: {
    devcontainer?: DevcontainerMode | undefined;
    clone?: string | undefined;
    image?: string | undefined;
    docker?: true | undefined;
  },
): DevcontainerMode | undefined {
  const { devcontainer, clone, image, docker } = asked;
  if (devcontainer === undefined) return undefined;
  const against = reasonAgainst(runtime, { clone, image, docker });
  if (against === undefined) return devcontainer;
  // Nobody asked for it by name.
  if (devcontainer === "optional") return undefined;
  const [message, next] = against;
  throw new WsError("invalid_input", { message, next, data: { field: "devcontainer" } });
}

function reasonAgainst(
  runtime: RuntimeName,
  { clone, image, docker }: { clone: string | undefined; image: string | undefined; docker: true | undefined },
): [message: string, next: string] | undefined {
  if (runtime === "local") {
    return [
      "The local runtime cannot follow a devcontainer.json: its workspaces run on the worker's own system.",
      "Use the docker runtime for one, or leave --devcontainer out.",
    ];
  }
  if (clone === undefined) {
    return [
      "A devcontainer.json needs a repository to clone.",
      "Say which one with --clone, or leave --devcontainer out.",
    ];
  }
  if (image !== undefined) {
    return ["The image is either the one that is named or the one of devcontainer.json.", "Leave one of them out."];
  }
  if (docker === undefined) return undefined;
  return ["A workspace that runs Docker has an image of its own.", "Leave --docker or --devcontainer out."];
}
