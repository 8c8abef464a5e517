import { useQueryClient } from "@tanstack/react-query";
import type { UsageBudget } from "@ws/rpc-contract";
import { useId, useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useServices } from "../../services.ts";

const PERIODS = [
  { key: "day", label: "Per day" },
  { key: "month", label: "Per month" },
  { key: "execution", label: "Per execution" },
] as const;
type Amounts = Record<(typeof PERIODS)[number]["key"], string>;

/** Asks for the limits, in US dollars; what is empty is none. */
export function BudgetDialog({ budget, close }: { budget: UsageBudget; close: () => void }) {
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const switchId = useId();
  const [hold, setHold] = useState(budget.hold);
  const [amounts, setAmounts] = useState<Amounts>(() => ({
    day: textOf(budget.day?.limit),
    month: textOf(budget.month?.limit),
    execution: textOf(budget.execution),
  }));
  const { busy, problem, attempt } = useAttempt(close);
  const isRight = PERIODS.every(({ key }) => amountOf(amounts[key]) !== undefined);
  const submit = () => {
    if (!isRight) return;
    attempt(async () => {
      const [day, month, execution] = PERIODS.map(({ key }) => amountOf(amounts[key]) ?? 0);
      await client.usage.budget.set({ day, month, execution, hold });
      await queryClient.invalidateQueries({ queryKey: queries.usage.key() });
      return undefined;
    });
  };
  return (
    <FormDialog
      title="Budget"
      description="In US dollars, at the vendors' prices for their API. Leave empty what has no limit."
      action="Save budget"
      failure="The budget was not saved"
      disabled={!isRight}
      {...{ submit, busy, problem, close }}
    >
      {PERIODS.map(({ key, label }) => (
        <TextField
          key={key}
          label={label}
          inputMode="decimal"
          placeholder="no limit"
          autoComplete="off"
          error={amountOf(amounts[key]) === undefined ? "Use a number such as 20 or 12.50." : undefined}
          value={amounts[key]}
          change={(text) => setAmounts({ ...amounts, [key]: text })}
        />
      ))}
      <div className="flex items-start justify-between gap-4">
        <label htmlFor={switchId} className="text-sm">
          <span className="font-medium">Hold tasks back</span>
          <span className="block text-[0.8125rem] text-muted">
            Tasks of coding tools that have not begun wait while the day's or the month's is spent.
          </span>
        </label>
        <Switch id={switchId} checked={hold} onCheckedChange={setHold} />
      </div>
    </FormDialog>
  );
}

function textOf(limit: number | undefined): string {
  return limit === undefined ? "" : String(limit);
}

/** Undefined for what is no amount. */
function amountOf(text: string): number | undefined {
  const plain = text.trim().replace(/^\$/, "").replace(",", ".");
  if (plain === "") return 0;
  return /^\d{1,9}(?:\.\d{1,4})?$/.test(plain) ? Number(plain) : undefined;
}
