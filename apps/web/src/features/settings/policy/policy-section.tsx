import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { RepositoryPolicy } from "@ws/rpc-contract";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { ruleWords, RULES } from "../../../components/policy/rules.ts";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { visible } from "../../../components/visible.ts";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { useMay } from "../scope.ts";
import { RepositoryPolicyDialog } from "./repository-policy-dialog.tsx";

/** Rules that hold in every workspace of a repository. */
export default function PolicySection() {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  const mayChange = useMay("admin");
  const [asked, setAsked] = useState<RepositoryPolicy | "new">();
  const list = useQuery(queries.policy.repositories.list.queryOptions());
  const set = list.data?.filter(({ rules }) => RULES.some(({ key }) => rules[key] !== undefined));
  const listAgain = () => queryClient.invalidateQueries({ queryKey: queries.policy.repositories.list.key() });
  const add = mayChange && (
    <Button variant="primary" onClick={() => setAsked("new")}>
      <Plus aria-hidden />
      Add rules
    </Button>
  );
  return (
    <>
      <SettingsHeader actions={set !== undefined && set.length > 0 && add} />
      <FailedQuery query={list} title="The rules could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {set?.length === 0 && (
        <EmptyState
          Icon={ShieldCheck}
          title="No repository has rules"
          action={add}
          command="ws policy set --repository github.com/acme/shop readOnly true"
        >
          Which paths are seen and changed, which branch is worked on, whether it is pushed and which programs are run:
          in every workspace of a repository, whichever way its URL is written.
        </EmptyState>
      )}
      {set !== undefined && set.length > 0 && (
        <>
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {set.map((policy) => (
              <RepositoryRow key={policy.repository} policy={policy} change={mayChange && (() => setAsked(policy))} />
            ))}
          </ul>
          <p className="mt-3 max-w-prose text-[0.8125rem] text-muted">
            They bind files, git and commands through the dashboard, the API and tools. A program that runs in a
            workspace is bound by its isolation, not by them. Rules of one workspace alone stand in its own settings.
          </p>
          <Foot commands={["ws policy get --repository", "ws policy set --repository URL RULE VALUE"]} />
        </>
      )}
      {asked !== undefined && (
        <RepositoryPolicyDialog
          policy={asked === "new" ? undefined : asked}
          close={() => setAsked(undefined)}
          onChanged={() => void listAgain()}
        />
      )}
    </>
  );
}

function RepositoryRow({
  policy: { repository, rules },
  change,
}: {
  policy: RepositoryPolicy;
  change: false | (() => void);
}) {
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3.5">
      <ShieldCheck className="mt-0.5 size-4.5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1 basis-52">
        <h2 className="font-mono text-sm font-medium break-all">{visible(repository)}</h2>
        <dl className="mt-1 space-y-0.5 text-[0.8125rem]">
          {RULES.filter(({ key }) => rules[key] !== undefined).map(({ key, label }) => (
            <div key={key} className="flex flex-wrap gap-x-2">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0 font-mono text-xs leading-5 break-all">{ruleWords(rules[key])}</dd>
            </div>
          ))}
        </dl>
      </div>
      {change !== false && (
        <Button size="small" aria-label={`Change the rules of ${repository}`} onClick={change}>
          Change
        </Button>
      )}
    </li>
  );
}
