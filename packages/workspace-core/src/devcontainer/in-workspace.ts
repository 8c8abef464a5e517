import type { Script } from "../ports.ts";
import type { WorkspaceRecord } from "../workspace.ts";
import { scriptOf } from "./commands.ts";
import type { DevcontainerCommand } from "./plan.ts";

type Told = Pick<WorkspaceRecord, "id" | "devcontainer" | "directory" | "repository">;

/** The variables that the repository gives to processes; the worker's and the user's own come over them. */
export function devcontainerEnvironment(record: Told): Record<string, string> {
  const entries = Object.entries(record.devcontainer?.plan?.env ?? {});
  return Object.fromEntries(entries.map(([name, text]) => [name, inWorkspace(text, record)]));
}

/** Its commands as scripts, in their order: those of a create as long as they were not run, then those of each start. */
export function devcontainerScripts(record: Told, { all = false } = {}): { created: Script[]; started: Script[] } {
  const { plan, ran } = record.devcontainer ?? {};
  const scripts = (commands: readonly DevcontainerCommand[]): Script[] =>
    commands.map((command) => ({
      name: command.name,
      content: new TextEncoder().encode(inWorkspace(scriptOf(command), record)),
    }));
  return {
    created: ran === true && !all ? [] : scripts(plan?.created ?? []),
    started: scripts(plan?.started ?? []),
  };
}

/** With what devcontainer.json calls variables; others are the shell's. */
function inWorkspace(text: string, { id, directory = ".", repository }: Told): string {
  const values: Readonly<Record<string, string>> = {
    containerWorkspaceFolder: directory,
    containerWorkspaceFolderBasename: directory.split("/").at(-1) ?? "",
    localWorkspaceFolderBasename: repository?.name ?? "",
    devcontainerId: id,
  };
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "") : whole,
  );
}
