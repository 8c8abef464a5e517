import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { SegmentedControl } from "../../../components/ui/segmented.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { visible } from "../../../components/visible.ts";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { useUpdate } from "./use-update.ts";

const hints = {
  all: "Every credential that the worker has, and will have.",
  none: "None. Rights that it has with one end.",
  some: "Only these. Rights that it has with others end.",
};

/** Which of the worker's credentials a workspace may use. */
export function SelectionDialog({ workspace, close }: { workspace: WorkspaceInfo; close: () => void }) {
  const { credentials = "all", name } = workspace;
  const update = useUpdate(name);
  const { busy, problem, attempt } = useAttempt(close);
  const [kind, setKind] = useState<"all" | "none" | "some">(typeof credentials === "string" ? credentials : "some");
  const [chosen, setChosen] = useState<readonly string[]>(typeof credentials === "string" ? [] : credentials);
  return (
    <FormDialog
      title="Credentials it may use"
      description="Programs that run keep what they were begun with."
      action="Save"
      submit={() => attempt(() => update({ credentials: kind === "some" ? [...chosen] : kind }))}
      busy={busy}
      problem={problem}
      failure="It was not changed"
      close={close}
    >
      <SegmentedControl
        label="Which of them"
        value={kind}
        change={setKind}
        choices={[
          { value: "all", label: "All" },
          { value: "some", label: "Only some" },
          { value: "none", label: "None" },
        ]}
      />
      <p className="text-[0.8125rem] text-muted">{hints[kind]}</p>
      {kind === "some" && <Choices chosen={chosen} change={setChosen} />}
    </FormDialog>
  );
}

interface ChoicesProps {
  chosen: readonly string[];
  change: (chosen: readonly string[]) => void;
}

/** What the worker has, and what was chosen of what it has no more. */
export function Choices({ chosen, change }: ChoicesProps) {
  const { queries } = useServices();
  const id = useId();
  const known = useQuery(queries.credentials.list.queryOptions({ staleTime: 0 }));
  if (known.isError) return <ProblemText problem={toProblem(known.error)} />;
  if (known.data === undefined) return <LoadingLines label="Looking what there is…" widths={["w-40", "w-52"]} />;
  const names = [...new Set([...known.data.map((one) => one.name), ...chosen])];
  if (names.length === 0) return <p className="text-sm text-muted">The worker has no credentials yet.</p>;
  return (
    <ul className="max-h-64 divide-y divide-line overflow-y-auto rounded-lg border border-line">
      {names.map((each, at) => (
        <li key={each} className="flex items-center gap-3 px-3 py-2.5">
          <Checkbox
            id={`${id}-${at}`}
            checked={chosen.includes(each)}
            onCheckedChange={(on) => change(on === true ? [...chosen, each] : chosen.filter((other) => other !== each))}
          />
          <label htmlFor={`${id}-${at}`} className="min-w-0 flex-1 font-mono text-sm break-all">
            {visible(each)}
          </label>
        </li>
      ))}
    </ul>
  );
}
