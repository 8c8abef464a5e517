import { ArrowLeft, CircleCheck } from "lucide-react";
import { useMemo } from "react";
import { Link } from "react-router";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { buttonVariants } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { useMedia } from "../../components/use-media.ts";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";
import type { Verb } from "../../components/verbs/verbs.ts";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { useConnection } from "../../services.ts";
import { isPicked, othersOf, whyNotPicked, type Attempt } from "./attempt.ts";
import { comparedFiles, leftOut } from "./changed-files.ts";
import { NarrowComparison } from "./narrow-comparison.tsx";
import { useChanges } from "./use-changes.ts";
import { useCompareAddress } from "./use-compare-address.ts";
import type { ComparisonNow } from "./use-comparison.ts";
import { WideComparison } from "./wide-comparison.tsx";

interface ComparisonProps extends ComparisonNow {
  error: unknown;
  pick: (attempt: Attempt) => void;
}

/** The attempts of one task beside each other, file by file. */
export function Comparison({ comparison, attempts, error, pick }: ComparisonProps) {
  const { id, title, repo, base, startedAt } = comparison;
  const wide = useMedia("(width >= 64rem)");
  const address = useCompareAddress();
  const changes = useChanges(attempts);
  const files = useMemo(() => comparedFiles(changes), [changes]);
  // With room for both, the first file is there without being asked for.
  const file = files.find(({ path }) => path === address.file)?.path ?? (wide ? files[0]?.path : undefined);
  const chosen = attempts.some(({ number }) => number === address.attempt) ? address.attempt : 1;
  const step = (by: 1 | -1) => {
    const at = files.findIndex(({ path }) => path === file);
    const next = files[at === -1 ? 0 : Math.max(0, Math.min(files.length - 1, at + by))];
    if (next !== undefined) address.go({ file: next.path });
  };
  useCompareVerbs({ attempts, chosen, step, choose: (attempt) => address.go({ attempt }), pick });
  const View = wide ? WideComparison : NarrowComparison;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 items-center gap-3 border-b border-line bg-surface px-2 py-2 sm:px-4">
        <Link
          to="/compare"
          aria-label="All comparisons"
          className={buttonVariants({ variant: "ghost", size: "iconSmall" })}
        >
          <ArrowLeft aria-hidden />
        </Link>
        <div className="min-w-0 flex-1">
          <h1 className="truncate font-semibold" title={visible(title)}>
            {visible(title)}
          </h1>
          <p className="flex min-w-0 gap-x-2 truncate text-[0.8125rem] text-muted">
            {repo !== undefined && <span className="truncate font-mono text-xs leading-5">{visible(repo)}</span>}
            {base !== undefined && (
              <span className="shrink-0 max-sm:hidden">
                from <span className="font-mono text-xs">{visible(base)}</span>
              </span>
            )}
            <span className="shrink-0">
              <TimeAgo at={startedAt} />
            </span>
          </p>
        </div>
        <span className="flex items-center gap-1 font-mono text-xs text-muted max-lg:hidden">
          ws compare {id}
          <CopyButton text={`ws compare ${id}`} label="Copy command" />
        </span>
      </header>
      <Outcome attempts={attempts} />
      {error !== null && (
        <Notice tone="warn" title="This may be old: the attempts could not be read again" className="mx-4 my-2">
          <ProblemText problem={toProblem(error)} />
        </Notice>
      )}
      <View
        {...{ attempts, changes, files, file, chosen, step, pick }}
        notes={leftOut(
          attempts.map(({ name }, at) => ({ name, diff: changes[at]?.diff, status: changes[at]?.status })),
        )}
        choose={address.go}
      />
    </div>
  );
}

/** What was kept, and what is still to be cleared away. */
function Outcome({ attempts }: { attempts: readonly Attempt[] }) {
  const picked = attempts.filter(isPicked);
  const [first] = picked;
  if (first === undefined) return null;
  const others = othersOf(attempts, first).filter((one) => !isPicked(one));
  return (
    <p
      role="status"
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-good-soft px-4 py-2 text-sm sm:px-6"
    >
      <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
      {picked.map(({ workspaceId, name, pullRequest }) => (
        <span key={workspaceId}>
          <span className="font-mono text-[0.8125rem] font-semibold">{name}</span> was picked:{" "}
          <a
            href={pullRequest?.url}
            target="_blank"
            rel="noreferrer"
            className="font-medium text-accent underline underline-offset-2"
          >
            pull request #{pullRequest?.number}
          </a>
          .
        </span>
      ))}
      {others.length > 0 && (
        <span className="text-muted">
          Still here: <span className="font-mono text-[0.8125rem]">{others.map(({ name }) => name).join(", ")}</span>.
        </span>
      )}
    </p>
  );
}

interface VerbsProps {
  attempts: readonly Attempt[];
  chosen: number;
  step: (by: 1 | -1) => void;
  choose: (attempt: number) => void;
  pick: (attempt: Attempt) => void;
}

function useCompareVerbs({ attempts, chosen, step, choose, pick }: VerbsProps): void {
  const { kind } = useConnection();
  useVerbs((): Verb[] => {
    const attempt = attempts.find(({ number }) => number === chosen);
    const why = attempt === undefined ? undefined : whyNotPicked(attempt, kind === "down" || kind === "stopped");
    return [
      { id: "compare.next", label: "Next file", group: "Compare", keys: "j", run: () => step(1) },
      { id: "compare.previous", label: "Previous file", group: "Compare", keys: "k", run: () => step(-1) },
      ...attempts.map(({ number, name }) => ({
        id: `compare.attempt.${number}`,
        label: `Attempt ${number}`,
        group: "Compare",
        detail: name,
        ...(number < 10 ? { keys: String(number) } : {}),
        run: () => choose(number),
      })),
      ...(attempt === undefined
        ? []
        : [
            {
              id: "compare.pick",
              label: `Pick ${attempt.name}…`,
              group: "Compare",
              keys: "p",
              ...(why === undefined ? {} : { disabled: why }),
              run: () => pick(attempt),
            },
          ]),
    ];
  });
}
