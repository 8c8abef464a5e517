import { CircleCheck, ExternalLink, LoaderCircle } from "lucide-react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button, buttonVariants } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { CopyButton } from "../../../components/ui/copy-button.tsx";
import { useNow } from "../../../components/use-now.ts";
import type { Login, LoginState } from "./use-login.ts";

/** How far a login is, and what somebody has to do for it. */
export function LoginPanel({ login: { state, begin, cancel } }: { login: Login }) {
  switch (state.kind) {
    case "none":
      return null;
    case "asking":
      return (
        <p role="status" className="flex items-center gap-2 px-4 py-4 text-sm text-muted">
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
          Asking for a code…
        </p>
      );
    case "code":
      return <Code code={state} cancel={cancel} />;
    case "done":
      return (
        <p role="status" className="flex items-center gap-2 px-4 py-4 text-sm text-good">
          <CircleCheck className="size-4 shrink-0" aria-hidden />
          {state.login === undefined ? `Logged in to ${state.host}.` : `Logged in to ${state.host} as ${state.login}.`}
        </p>
      );
    case "failed":
      return (
        <div className="p-4">
          <Notice tone="bad" title={FAILURES[state.problem.code] ?? "The worker was not logged in"} urgent>
            <ProblemText problem={{ ...state.problem, next: NEXT[state.problem.code] ?? state.problem.next }} />
            <Button size="small" className="mt-3" onClick={begin}>
              Begin again
            </Button>
          </Notice>
        </div>
      );
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  credential_rejected: "The login was refused",
  credential_expired: "The code has expired",
};

/** The worker's own words name a command. */
const NEXT: Readonly<Record<string, string>> = {
  credential_rejected: "Begin again if that was a mistake.",
  credential_expired: "Begin again, and type the new code before it expires.",
};

function Code({ code, cancel }: { code: Extract<LoginState, { kind: "code" }>; cancel: () => void }) {
  const { userCode, verificationUri, expires } = code;
  const left = Math.max(0, Math.ceil((Date.parse(expires) - useNow(true)) / 1_000));
  return (
    <div className="space-y-4 px-4 py-5 text-center">
      <p className="text-sm text-muted">
        Open the page on any device, type this code there, and let the worker in. It is for nobody else.
      </p>
      <p className="flex items-center justify-center gap-2">
        <output
          aria-label="Code"
          className="font-mono text-3xl font-semibold tracking-[0.12em] tabular-nums select-all"
        >
          {userCode}
        </output>
        <CopyButton text={userCode} label="Copy code" />
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <a
          href={verificationUri}
          target="_blank"
          rel="noopener noreferrer"
          className={cn(buttonVariants({ variant: "primary" }))}
        >
          <ExternalLink aria-hidden />
          Open {new URL(verificationUri).host}
        </a>
        <Button onClick={cancel}>Cancel</Button>
      </div>
      <p role="status" className="flex items-center justify-center gap-2 text-[0.8125rem] text-muted">
        <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
        Waiting for you there
      </p>
      <p className="text-[0.8125rem] text-muted tabular-nums">
        {left === 0
          ? "The code has expired."
          : `Good for another ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`}
      </p>
    </div>
  );
}
