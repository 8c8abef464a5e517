import type { PullRequestNow } from "@ws/rpc-contract";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, RotateCw } from "lucide-react";
import { pageAddress } from "../../../components/page-address.ts";
import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";

type Checks = NonNullable<PullRequestNow["checks"]>;

const looks = {
  success: { Icon: CircleCheck, tone: "text-good", word: "passed" },
  failure: { Icon: CircleX, tone: "text-bad", word: "failed" },
  pending: { Icon: CircleDashed, tone: "text-busy", word: "under way" },
  neutral: { Icon: CircleMinus, tone: "text-muted", word: "neither passed nor failed" },
};
const titles = {
  success: "Every check passed",
  failure: "Checks failed",
  pending: "Checks are under way",
  none: "No checks",
};

/** What programs on the forge say of the branch. */
export function ChecksList({ checks, refetch, busy }: { checks: Checks; refetch: () => void; busy: boolean }) {
  return (
    <div className="mt-4 border-t border-line pt-3">
      <div className="flex items-center gap-2">
        <h3 role="status" className="min-w-0 flex-1 text-sm font-medium">
          {titles[checks.state]}
        </h3>
        <Button size="iconSmall" variant="ghost" busy={busy} aria-label="Look again" onClick={refetch}>
          <RotateCw aria-hidden className={busy ? "hidden" : ""} />
        </Button>
      </div>
      <ul className="mt-1 max-h-64 space-y-1 overflow-y-auto text-sm empty:hidden">
        {checks.checks.map((check, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- two may have one name
          <Check key={`${check.name}:${index}`} {...check} />
        ))}
      </ul>
    </div>
  );
}

function Check({ name, state, url }: Checks["checks"][number]) {
  const { Icon, tone, word } = looks[state];
  const page = pageAddress(url ?? "");
  return (
    <li className="flex items-start gap-2">
      <Icon className={cn("mt-0.5 size-4 shrink-0", tone)} aria-hidden />
      <span className="min-w-0 flex-1 break-words">
        {page !== undefined ? (
          <a href={page} target="_blank" rel="noreferrer" className="rounded underline-offset-2 hover:underline">
            {name}
          </a>
        ) : (
          name
        )}
        <span className="sr-only">: {word}</span>
      </span>
    </li>
  );
}
