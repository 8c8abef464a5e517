import type { UsageBudget } from "@ws/rpc-contract";
import { useState, type ReactNode } from "react";
import { dollars } from "../../components/money.ts";
import { Button } from "../../components/ui/button.tsx";
import { Meter } from "../../components/ui/meter.tsx";
import { Row, Section } from "../../components/ui/page.tsx";
import { visible } from "../../components/visible.ts";
import { BudgetDialog } from "./budget-dialog.tsx";

/** What may be spent, and what was. */
export function BudgetSection({ budget }: { budget: UsageBudget }) {
  const [asking, setAsking] = useState(false);
  const { day, month, execution, executions, hold } = budget;
  const isNone = day === undefined && month === undefined && execution === undefined;
  return (
    <>
      <Section
        title="Budget"
        description={
          isNone
            ? "No limit is set. With one, the inbox says when 80 and 100 per cent of it are spent."
            : hold
              ? "Tasks of coding tools wait while the day's or the month's is spent."
              : "It warns at 80 and at 100 per cent, and stops nothing."
        }
        actions={
          <Button size="small" onClick={() => setAsking(true)}>
            {isNone ? "Set a budget" : "Change"}
          </Button>
        }
        bare={isNone}
      >
        {isNone ? null : (
          <>
            {day !== undefined && <Use label="Today" use={day} />}
            {month !== undefined && <Use label="This month" use={month} />}
            {execution !== undefined && (
              <Row
                label="Each execution"
                hint={executions.length === 0 ? "None has spent 80 per cent of it." : undefined}
              >
                <span className="tabular-nums">{dollars(execution)}</span>
              </Row>
            )}
            {executions.map((each) => (
              <Use
                key={each.execution}
                label={<code className="font-mono">{visible(each.execution)}</code>}
                use={each}
              />
            ))}
          </>
        )}
      </Section>
      {/* Beside it: the section is another one once there is a limit. */}
      {asking && <BudgetDialog budget={budget} close={() => setAsking(false)} />}
    </>
  );
}

interface UseProps {
  label: ReactNode;
  use: { limit: number; spent: number; passed?: 80 | 100 | undefined };
}

function Use({ label, use: { limit, spent, passed } }: UseProps) {
  const text = `${dollars(spent)} of ${dollars(limit)}`;
  const percent = Math.floor((spent / limit) * 100);
  return (
    <Row
      label={label}
      hint={passed === undefined ? undefined : passed === 100 ? "It is spent." : "It is nearly spent."}
    >
      <span className="tabular-nums">
        {text} <span className="text-muted">({percent.toLocaleString("en")}%)</span>
      </span>
      <Meter
        label="Spent"
        value={spent}
        max={limit}
        text={text}
        tone={passed === 100 ? "bad" : passed === 80 ? "warn" : "plain"}
        className="w-40"
      />
    </Row>
  );
}
