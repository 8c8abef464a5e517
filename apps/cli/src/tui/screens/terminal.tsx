import { useState } from "react";
import type { TerminalState } from "@ws/rpc-contract/terminal-client";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { Terminal } from "../parts/terminal.tsx";
import { useApp } from "../state/app-context.ts";
import { useStore } from "../state/store.ts";

/** A terminal of a workspace. It goes on when it is left, and is the same for everybody who looks at it. */
export function TerminalScreen({ id, terminal }: { id: string; terminal: string }) {
  const app = useApp();
  const name = useStore(app.session.workspaces)?.find((one) => one.id === id)?.name;
  // Of the workspace as it was called when it was opened: a terminal stays with its workspace by its own id.
  const [opened] = useState(name);
  const [state, setState] = useState<TerminalState>({ kind: "connecting", problem: undefined });
  const leave = (text: string, isBad: boolean): void => {
    app.notice.set({ text, isBad });
    app.back();
  };
  const understand = (next: TerminalState): void => {
    setState(next);
    if (next.kind === "ended") leave(`'${terminal}' has ended${codeText(next.exitCode)}.`, false);
    if (next.kind === "refused") leave(next.problem?.message ?? `'${terminal}' could not be opened.`, true);
  };
  return (
    <Page screen="terminal" path={[name ?? "gone", terminal]} actions={{ leave: app.back }} keysFor="program">
      {state.kind === "connecting" && <Words pieces={[["Opening …", "muted"]]} />}
      {opened !== undefined && <Terminal workspace={opened} terminal={terminal} onState={understand} />}
    </Page>
  );
}

function codeText(code: number | undefined): string {
  return code === undefined || code === 0 ? "" : ` with ${code}`;
}
