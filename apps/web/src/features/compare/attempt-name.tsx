import { Link } from "react-router";
import { cn } from "../../components/ui/cn.ts";
import type { Attempt } from "./attempt.ts";

/** The key that chooses an attempt, its workspace, and who makes it. */
export function AttemptName({ attempt, chosen = false }: { attempt: Attempt; chosen?: boolean }) {
  const { number, name, status, task } = attempt;
  const maker = [task?.tool, task?.model].filter((word) => word !== undefined).join(" · ");
  return (
    <span className="flex min-w-0 items-start gap-2">
      <AttemptNumber of={number} chosen={chosen} />
      <span className="min-w-0">
        {status === "removed" ? (
          <span className="block truncate font-mono text-[0.875rem] font-semibold text-muted line-through">{name}</span>
        ) : (
          <Link
            to={`/w/${name}`}
            title={name}
            className="block truncate font-mono text-[0.875rem] font-semibold text-ink underline-offset-2 hover:underline"
          >
            {name}
          </Link>
        )}
        {maker !== "" && (
          <span className="block truncate text-xs font-normal text-muted" title={maker}>
            {maker}
          </span>
        )}
      </span>
    </span>
  );
}

export function AttemptNumber({ of, chosen }: { of: number; chosen: boolean }) {
  return (
    <span
      className={cn(
        "inline-flex size-5 shrink-0 items-center justify-center rounded-md text-xs font-semibold tabular-nums",
        chosen ? "bg-accent text-on-accent" : "bg-raised text-muted",
      )}
    >
      {of}
    </span>
  );
}
