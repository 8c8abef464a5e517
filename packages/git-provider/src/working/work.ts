import type { GitWork } from "@ws/workspace-core";
import { branching } from "./branches.ts";
import type { Context } from "./context.ts";
import { exchanging } from "./exchange.ts";
import { looking } from "./look.ts";
import { rewriting } from "./rewrite.ts";
import { staging } from "./stage.ts";
import { stashing } from "./stash.ts";

/** `Git.work`. */
export function createWork(context: Context): GitWork {
  return {
    ...looking(context),
    ...staging(context),
    ...branching(context),
    ...stashing(context),
    ...rewriting(context),
    ...exchanging(context),
  };
}
