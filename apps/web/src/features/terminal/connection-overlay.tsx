import type { TerminalState } from "@ws/rpc-contract/terminal-client";
import { LoaderCircle, PlugZap, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { bytes } from "../../components/amounts.ts";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { LINK_ENDED, PROBLEMS } from "./refusals.ts";

interface ConnectionOverlayProps {
  state: TerminalState;
  /** By a link, which is all that this viewer has. */
  isGuest: boolean;
  /** Bytes of output that were not shown. */
  skipped: number;
  /** Bytes that were typed and may not have arrived. */
  lost: number;
  retry: () => void;
  /** Absent where there are no tabs. */
  closeTab: (() => void) | undefined;
  startAgain: () => void;
}

/** What is to be said about a connection, over a screen that stays where it is. */
export function ConnectionOverlay(props: ConnectionOverlayProps) {
  const { state, isGuest, skipped, lost, retry, closeTab, startAgain } = props;
  const isOver = isGuest && state.kind === "refused" && state.refusal === "unauthorized";
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none absolute inset-x-0 top-0 z-10 flex flex-col items-end gap-2 p-3"
    >
      {state.kind === "connecting" && (
        <Chip className="animate-fade [animation-delay:400ms] [animation-fill-mode:backwards]">
          <LoaderCircle className="size-4 animate-spin text-busy" aria-hidden />
          <span>
            Connecting… {state.problem !== undefined && <span className="text-muted">{state.problem.message}</span>}
          </span>
        </Chip>
      )}
      {state.kind === "reconnecting" && (
        <Chip>
          <PlugZap className="size-4 shrink-0 text-warn" aria-hidden />
          <span>
            Reconnecting…{" "}
            <span className="text-muted">
              {state.problem !== undefined && `${state.problem.message} `}
              {state.unsent === 0
                ? "what you type now is not sent"
                : `${state.unsent} ${state.unsent === 1 ? "key was" : "keys were"} not sent`}
            </span>
          </span>
          <Button size="small" onClick={retry}>
            Retry now
          </Button>
        </Chip>
      )}
      {lost > 0 && (
        <Chip>
          <TriangleAlert className="size-4 shrink-0 text-warn" aria-hidden />
          {bytes(lost)} that you typed may not have arrived
        </Chip>
      )}
      {skipped > 0 && <Chip>{bytes(skipped)} of output were omitted</Chip>}
      {state.kind === "ended" && (
        <Card
          title={
            state.exitCode === undefined ? "The terminal ended" : `The program ended with exit code ${state.exitCode}`
          }
          text={state.reason === undefined ? undefined : <p className="text-sm text-muted">{state.reason}</p>}
          actions={
            <>
              {closeTab !== undefined && (
                <Button size="small" onClick={closeTab}>
                  Close tab
                </Button>
              )}
              <Button size="small" variant="primary" onClick={startAgain}>
                {isGuest ? "Look again" : "Start again"}
              </Button>
            </>
          }
        />
      )}
      {isOver && <Card title="Not connected" text={<ProblemText problem={LINK_ENDED} />} actions={null} />}
      {state.kind === "refused" && !isOver && (
        <Card
          title="Not connected"
          text={<ProblemText problem={state.problem ?? PROBLEMS[state.refusal]} />}
          actions={
            <>
              {closeTab !== undefined && (
                <Button size="small" onClick={closeTab}>
                  Close tab
                </Button>
              )}
              {state.refusal !== "forbidden" && (
                <Button size="small" variant="primary" onClick={startAgain}>
                  {state.refusal === "not_found" ? "Start again" : "Connect again"}
                </Button>
              )}
            </>
          }
        />
      )}
    </div>
  );
}

function Chip({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <div
      className={`pointer-events-auto flex items-center gap-2.5 rounded-lg border border-line bg-surface px-3 py-1.5 text-[0.8125rem] font-medium text-ink shadow-float ${className}`}
    >
      {children}
    </div>
  );
}

function Card({ title, text, actions }: { title: string; text: ReactNode; actions: ReactNode }) {
  return (
    <div className="pointer-events-auto w-80 max-w-full rounded-xl border border-line bg-surface p-4 text-ink shadow-float">
      <p className="text-sm font-semibold">{title}</p>
      {text}
      <div className="mt-3 flex justify-end gap-2">{actions}</div>
    </div>
  );
}
