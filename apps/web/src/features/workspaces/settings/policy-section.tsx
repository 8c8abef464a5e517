import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { ruleWords, RULES } from "../../../components/policy/rules.ts";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { visible } from "../../../components/visible.ts";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { PolicyDialog } from "./policy-dialog.tsx";

/** What may be done in it by the page, the API and tools; a program that runs in it is bound by none of this. */
export function PolicySection({ workspace: { name } }: { workspace: WorkspaceInfo }) {
  const { queries } = useServices();
  const [editing, setEditing] = useState(false);
  const policy = useQuery(queries.policy.get.queryOptions({ input: { name }, staleTime: 0 }));
  const set = (policy.data?.layers ?? []).flatMap(({ of, name: by, rules }) =>
    RULES.flatMap((rule) => (rules[rule.key] === undefined ? [] : [{ ...rule, value: rules[rule.key], of, by }])),
  );
  return (
    <Section
      title="Policy"
      description="What files, git and commands may do through the dashboard, the API and tools. What one rule forbids is forbidden."
      actions={
        policy.data !== undefined && (
          <Button size="small" onClick={() => setEditing(true)} aria-label="Change policy">
            <Pencil aria-hidden />
            Change
          </Button>
        )
      }
    >
      {policy.isPending && <LoadingLines label="Reading its rules…" widths={["w-52"]} className="p-4" />}
      {policy.isError && (
        <div className="px-4 py-3 text-sm">
          <ProblemText problem={toProblem(policy.error)} />
        </div>
      )}
      {policy.data !== undefined && set.length === 0 && (
        <p className="px-4 py-3 text-sm text-muted">
          No rules: everything but .env, keys, logins and git&apos;s own can be read and changed.
        </p>
      )}
      {set.map(({ key, label, value, of, by }) => (
        <Row key={`${of} ${by} ${key}`} label={label}>
          <span className="max-w-80 text-right break-words">{ruleWords(value)}</span>
          {of !== "workspace" && (
            <Badge title={visible(by)}>{of === "repository" ? "its repository's" : "your token's"}</Badge>
          )}
        </Row>
      ))}
      {editing && policy.data !== undefined && (
        <PolicyDialog name={name} rules={policy.data.rules} close={() => setEditing(false)} />
      )}
    </Section>
  );
}
