import type { Box } from "@ws/workspace-core";

import { boxUnavailable } from "./box/box-errors.ts";
import { SshdUnusableError } from "./box/connect.ts";
import { openExecBox } from "./exec-box.ts";
import { type OpenBoxOptions, openSshBox } from "./ssh-box.ts";

/** The best Box that the container's image allows. Throws `box_unavailable`, saying what the image lacks. */
export async function openBox(options: OpenBoxOptions): Promise<Box> {
  const { id, log } = options;
  try {
    try {
      return await openSshBox(options);
    } catch (error) {
      if (!(error instanceof SshdUnusableError)) throw error;
      log.warn("the workspace's image lets no SSH server run; falling back to plain exec", {
        id,
        reason: error.message,
      });
      return await openExecBox(options);
    }
  } catch (error) {
    throw boxUnavailable(id, error);
  }
}
