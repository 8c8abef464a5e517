import { userInfo } from "node:os";

/** Whose name a workspace's processes carry: the image's own user, or, without a container, the worker's. */
export function whoRuns(runtime: "docker" | "local"): string {
  return runtime === "docker" ? "workspace" : userInfo().username;
}
