import { CircleDollarSign, X } from "lucide-react";
import { Link } from "react-router";
import { dollars } from "../../components/money.ts";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Meter } from "../../components/ui/meter.tsx";
import { visible } from "../../components/visible.ts";
import { useInbox } from "./inbox-context.tsx";
import { budgetTitle, type InboxItem } from "./items.ts";

/** A budget that is spent, or nearly: a warning, until it was looked at. */
export function BudgetCard({ item }: { item: Extract<InboxItem, { kind: "budget" }> }) {
  const { seen } = useInbox();
  const { key, spent, limit, passed, held } = item;
  const title = visible(budgetTitle(item));
  const text = `${dollars(spent)} of ${dollars(limit)}`;
  return (
    <li className="rounded-xl border border-line bg-surface">
      <div className="flex items-start gap-3 px-4 py-3.5">
        <CircleDollarSign
          className={cn("mt-0.5 size-4.5 shrink-0", passed === 100 ? "text-bad" : "text-warn")}
          aria-hidden
        />
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold break-words">
            <Link to="/usage" className="rounded-sm underline-offset-2 hover:underline">
              {title}
            </Link>
          </h2>
          <p className="mt-0.5 text-[0.8125rem] text-muted tabular-nums">{text}</p>
          <Meter
            label="Spent"
            value={spent}
            max={limit}
            text={text}
            tone={passed === 100 ? "bad" : "warn"}
            className="mt-2 max-w-56"
          />
          {held !== undefined && <p className="mt-2 text-[0.8125rem] text-muted">{held}</p>}
        </div>
        <Button size="iconSmall" variant="ghost" aria-label={`Dismiss: ${title}`} onClick={() => seen.add([key])}>
          <X aria-hidden />
        </Button>
      </div>
    </li>
  );
}
