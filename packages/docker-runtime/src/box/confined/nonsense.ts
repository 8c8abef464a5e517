import { oneLine, WsError } from "@ws/workspace-core";

/** For what no file server of ours says: the workspace's own programs may answer in its place. */
export function nonsense(what: string): WsError<"internal"> {
  return new WsError("internal", {
    message: `The workspace did not say what became of a file, but ${oneLine(what.slice(0, 200))}.`,
    data: {},
  });
}
