import { useQuery } from "@tanstack/react-query";
import type { TaskTool } from "@ws/rpc-contract";
import { Field } from "../../components/ui/field.tsx";
import { fieldClass } from "../../components/ui/input.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useServices } from "../../services.ts";

interface ToolFieldsProps {
  workspace: string;
  tool: string;
  model: string;
  change: (given: { tool?: string; model?: string }) => void;
}

/** Which coding tool, and whether it could begin as things are. */
export function ToolFields({ workspace, tool, model, change }: ToolFieldsProps) {
  const { queries } = useServices();
  const { data: tools } = useQuery({
    ...queries.tasks.tools.queryOptions({ input: { name: workspace } }),
    enabled: workspace !== "",
    retry: false,
  });
  const chosen = tools?.find(({ name, isDefault }) => (tool === "" ? isDefault : name === tool));
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Tool" hint={chosen === undefined ? undefined : standing(chosen)}>
        {(control) => (
          <select
            {...control}
            className={fieldClass}
            value={tool}
            onChange={({ target }) => change({ tool: target.value })}
          >
            <option value="">{defaultName(tools)}</option>
            {tools
              ?.filter(({ isDefault }) => !isDefault)
              .map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        )}
      </Field>
      <TextField
        label="Model"
        placeholder={chosen?.model ?? "its own choice"}
        value={model}
        error={chosen?.needsModel === true && chosen.model === undefined && model === "" ? "It needs one." : undefined}
        change={(text) => change({ model: text })}
      />
    </div>
  );
}

function defaultName(tools: readonly TaskTool[] | undefined): string {
  const name = tools?.find(({ isDefault }) => isDefault)?.name;
  return name === undefined ? "the worker's default" : `${name} (default)`;
}

/** What would keep it from beginning. */
function standing({ name, installed, login, keys }: TaskTool): string | undefined {
  if (login === "missing") {
    return `Not signed in here: set ${keys[0] ?? "its key"} with ws credential set, or sign in in a terminal.`;
  }
  return installed === false ? `${name} is installed in the workspace at its first use.` : undefined;
}
