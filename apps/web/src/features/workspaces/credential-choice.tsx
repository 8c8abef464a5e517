import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { SegmentedControl } from "../../components/ui/segmented.tsx";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";

type Kind = "all" | "some" | "none";

const hints = {
  all: "Every credential that the worker has, and will have.",
  none: "None: no variable, no file, and no right at a forge.",
  some: "Only these. It has no right at a forge with any other.",
};

interface CredentialChoiceProps {
  kind: Kind;
  setKind: (kind: Kind) => void;
  chosen: readonly string[];
  setChosen: (chosen: readonly string[]) => void;
}

/** Which of the worker's credentials a workspace may use. */
export function CredentialChoice({ kind, setKind, chosen, setChosen }: CredentialChoiceProps) {
  return (
    <>
      <SegmentedControl
        label="Which of the worker's credentials"
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
    </>
  );
}

interface ChoicesProps {
  chosen: readonly string[];
  change: (chosen: readonly string[]) => void;
}

/** What the worker has, and what was chosen of what it has no more. */
function Choices({ chosen, change }: ChoicesProps) {
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
