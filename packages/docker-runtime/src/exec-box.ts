import type { Box } from "@ws/workspace-core";
import { boxUnavailable, type OpenBoxOptions } from "./ssh-box.ts";

export async function openExecBox(options: OpenBoxOptions): Promise<Box> {
  throw boxUnavailable(options.id, new Error("its image has no sshd"));
}
