import type { ActionContext, TaskAction } from "@ws/rpc-contract";
import { createContext, use } from "react";

/** What a coding tool is asked to do, and with what. */
export interface CodeAsk {
  /** Chosen in the sheet where absent. */
  action?: TaskAction;
  context: ActionContext;
  /** What it is about, in words: "src/a.ts, lines 3 to 9". */
  about: string;
}

/** Opens the sheet in which a coding tool is asked. Undefined where there is none to ask. */
export const CodeActionsContext = createContext<((ask: CodeAsk) => void) | undefined>(undefined);

export function useCodeActions(): ((ask: CodeAsk) => void) | undefined {
  return use(CodeActionsContext);
}
