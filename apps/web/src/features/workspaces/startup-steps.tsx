import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Check, CircleDashed, LoaderCircle, Minus, X } from "lucide-react";
import { span } from "../../components/amounts.ts";
import { Badge } from "../../components/ui/badge.tsx";
import { cn } from "../../components/ui/cn.ts";
import type { StepProgress } from "../../live/workspaces.ts";
import { startupOf, waterfall, type StepBar } from "./waterfall.ts";

const looks = {
  pending: { Icon: CircleDashed, icon: "text-muted", word: "waiting" },
  running: { Icon: LoaderCircle, icon: "animate-spin text-busy", word: "running" },
  done: { Icon: Check, icon: "text-good", word: "done" },
  error: { Icon: X, icon: "text-bad", word: "failed" },
  skipped: { Icon: Minus, icon: "text-muted", word: "skipped" },
};

interface StartupStepsProps {
  workspace: WorkspaceInfo;
  progress: StepProgress | undefined;
  /** The instant up to which a running step is drawn. */
  now: number;
}

/** The steps of the last start on one time line, with what the running one says. */
export function StartupSteps({ workspace, progress, now }: StartupStepsProps) {
  const { steps } = workspace.startup;
  const bars = waterfall(steps, now);
  const longest = startupOf(steps, now)?.longest;
  if (bars.length === 0) return <p className="text-sm text-muted">No steps were recorded.</p>;
  return (
    <ol className="divide-y divide-line" aria-label="Startup steps">
      {bars.map((bar) => (
        <Step
          key={bar.step.id}
          bar={bar}
          longest={bar.step.id === longest}
          progress={progress?.step === bar.step.id ? progress : undefined}
          toldElsewhere={bar.step.id === workspace.failure?.step}
        />
      ))}
    </ol>
  );
}

interface StepProps {
  bar: StepBar;
  longest: boolean;
  progress: StepProgress | undefined;
  /** The failure stands beside the steps, with what to do; once is enough. */
  toldElsewhere: boolean;
}

function Step({ bar, longest, progress, toldElsewhere }: StepProps) {
  const { step } = bar;
  const { Icon, icon, word } = looks[step.status];
  const said = step.status === "running" ? (progress?.message ?? step.message) : step.message;
  const message = toldElsewhere ? undefined : said;
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <div className="flex items-center gap-2.5 text-sm">
        <Icon className={cn("size-4 shrink-0", icon)} aria-hidden />
        <span className={cn("font-medium", step.status === "pending" && "text-muted")}>{step.label}</span>
        <span className="sr-only">{word}</span>
        <span
          className="ml-auto flex shrink-0 items-center gap-2 text-[0.8125rem] text-muted tabular-nums"
          title={bar.beginMs === undefined ? undefined : `Began ${span(bar.beginMs)} after the first step`}
        >
          {longest && <Badge>longest</Badge>}
          {bar.durationMs === undefined ? "" : span(bar.durationMs)}
        </span>
      </div>
      {bar.durationMs !== undefined && (
        <div className="mt-1.5 ml-6.5 h-1 overflow-hidden rounded-full bg-raised" aria-hidden>
          <div
            className={cn(
              "h-full min-w-0.5 rounded-full",
              step.status === "error"
                ? "bg-bad"
                : step.status === "running"
                  ? "bg-busy"
                  : longest
                    ? "bg-good"
                    : "bg-good/55",
            )}
            style={{ marginLeft: `${bar.offset * 100}%`, width: `${bar.width * 100}%` }}
          />
        </div>
      )}
      {message !== undefined && message !== "" && (
        <p
          className={cn(
            "mt-1 ml-6.5 text-[0.8125rem] break-words",
            step.status === "error" ? "text-bad" : "text-muted",
          )}
        >
          {message}
          {progress?.percent !== undefined && <span className="tabular-nums"> ({Math.round(progress.percent)} %)</span>}
        </p>
      )}
      {step.status === "running" && progress?.percent !== undefined && (
        <progress
          className="mt-1.5 ml-6.5 block h-1 w-[calc(100%-1.625rem)] appearance-none overflow-hidden rounded-full bg-raised [&::-moz-progress-bar]:bg-busy [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-busy"
          max={100}
          value={progress.percent}
          aria-label={step.label}
        />
      )}
    </li>
  );
}
