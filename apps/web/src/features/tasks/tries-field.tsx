import { Field } from "../../components/ui/field.tsx";
import { Select } from "../../components/ui/select.tsx";
import { useLive } from "../../live/live-context.tsx";
import { MOST_TRIES, makersOf, type Maker, type NewTask } from "./new-task.ts";
import { ToolFields } from "./tool-fields.tsx";

interface TriesFieldProps {
  workspace: string;
  tries: number;
  change: (given: { tries: number }) => void;
}

const CHOICES = Array.from({ length: MOST_TRIES }, (_, at) => at + 1).map((count) => ({
  value: String(count),
  label: count === 1 ? "Once, in the workspace" : `${count} times, each in a workspace of its own`,
}));

/** How often it is tried. Several attempts are compared, and one of them is kept. */
export function TriesField({ workspace, tries, change }: TriesFieldProps) {
  const { workspaces } = useLive();
  const repo = workspaces?.find(({ name }) => name === workspace)?.repo;
  const hint =
    repo === undefined
      ? "Only of a workspace with a repository it can be tried several times."
      : tries > 1
        ? "Each begins where the workspace began, on a branch of its own. You compare them and pick one."
        : undefined;
  return (
    <Field label="Try it" hint={hint}>
      {(control) => (
        <Select
          {...control}
          value={String(repo === undefined ? 1 : tries)}
          change={(value) => change({ tries: Number(value) })}
          choices={CHOICES}
          disabled={repo === undefined}
        />
      )}
    </Field>
  );
}

interface MakersFieldsProps {
  workspace: string;
  values: Pick<NewTask, "tries" | "makers">;
  change: (given: { makers: readonly Maker[] }) => void;
}

/** Which tool and model makes which attempt. */
export function MakersFields({ workspace, values, change }: MakersFieldsProps) {
  const makers = makersOf(values);
  return makers.map((maker, at) => (
    // oxlint-disable-next-line react/no-array-index-key -- its place is what it is
    <fieldset key={at}>
      <legend className="mb-1.5 text-[0.8125rem] font-semibold text-muted">Attempt {at + 1}</legend>
      <ToolFields
        workspace={workspace}
        {...maker}
        change={(given) => change({ makers: makers.with(at, { ...maker, ...given }) })}
      />
    </fieldset>
  ));
}
