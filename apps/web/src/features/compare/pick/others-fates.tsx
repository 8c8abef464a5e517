import { Trash2, TriangleAlert } from "lucide-react";
import { cn } from "../../../components/ui/cn.ts";
import { visible } from "../../../components/visible.ts";
import { isUnderWay, type Attempt } from "../attempt.ts";
import { useChanges } from "../use-changes.ts";
import { fateOf, uncommittedIn, type Look } from "./fates.ts";

interface OthersFatesProps {
  others: readonly Attempt[];
  looks: readonly Look[];
  discard: boolean;
  choose: (discard: boolean) => void;
}

/** What becomes of each of the others, by name, and the choice of it. */
export function OthersFates({ others, looks, discard, choose }: OthersFatesProps) {
  const changes = useChanges(others);
  return (
    <fieldset className="space-y-2.5 text-sm">
      <legend className="font-medium">The {others.length === 1 ? "other attempt" : `${others.length} others`}</legend>
      {([false, true] as const).map((value) => (
        <label key={String(value)} className="flex items-center gap-2.5 pointer-coarse:py-1.5">
          <input
            type="radio"
            name="others"
            className="size-4 accent-accent"
            checked={discard === value}
            onChange={() => choose(value)}
          />
          {value ? "Discard all of what they made" : "Keep what lies nowhere else, remove the rest"}
        </label>
      ))}
      <ul className="divide-y divide-line rounded-lg border border-line" aria-live="polite">
        {others.map((attempt, at) => {
          const { text, loses, stays } = fateOf({ look: looks[at], atWork: isUnderWay(attempt), discard });
          const names = loses ? uncommittedIn(changes[at]?.status) : [];
          return (
            <li key={attempt.workspaceId} className={cn("flex gap-2.5 px-3 py-2", loses && "bg-bad-soft")}>
              {loses ? (
                <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
              ) : (
                <Trash2 className={cn("mt-0.5 size-4 shrink-0 text-muted", stays && "invisible")} aria-hidden />
              )}
              <span className="min-w-0 flex-1 break-words">
                <span className="font-mono text-[0.8125rem] font-semibold">{attempt.name}</span>{" "}
                <span className={loses ? undefined : "text-muted"}>{visible(text)}</span>
                {names.length > 0 && (
                  <span className="block font-mono text-xs break-all text-muted">{names.map(visible).join(", ")}</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
