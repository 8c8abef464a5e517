import type { Setting } from "@ws/rpc-contract";
import type { App } from "../state/app-context.ts";

/** As it is typed: text as it is, everything else as JSON. */
export function settingText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Says from when on a change holds, where that is not from now on. */
export function tellWhen({ notice }: App, { key, restart, shadowedBy }: Setting): void {
  if (shadowedBy !== undefined) {
    notice.set({
      text: `The agent's variable ${shadowedBy} holds over '${key}' until it is started without that.`,
      isBad: false,
    });
  } else if (restart) notice.set({ text: `'${key}' takes effect when the agent is started again.`, isBad: false });
}
