import type { Command } from "commander";
import type { CredentialInput, CredentialPreset } from "@ws/rpc-contract";
import { confirm } from "../../confirm.ts";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { readSecret } from "../../read-secret.ts";

export interface PresetFlags {
  variable?: string;
  copyLogin?: true;
}

/** What a coding tool is to be given: a key, typed unseen or from standard input, or a copy of the login that the worker's user has. */
export async function presetInput(
  context: Context,
  command: Command,
  preset: CredentialPreset,
  { variable, copyLogin }: PresetFlags,
): Promise<CredentialInput> {
  const { login, name, tool, hint, variables } = preset;
  if (copyLogin === true) {
    await confirm(context, command, warningOf(preset), `Copy ${login.path}?`);
    return { name: login.path, type: "file", value: login.path, copyLogin: true };
  }
  const [usual] = variables;
  const asked = variable ?? usual;
  if (asked === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(asked)) {
    throw new CliError("usage", `'${variable}' cannot be the name of a variable.`, {
      next: `${tool} reads: ${variables.join(", ")}.`,
      exit: EXIT.usage,
    });
  }
  const others = variables.filter((other) => other !== asked);
  context.hint(hint);
  if (variable === undefined && others.length > 0) {
    context.hint(
      `It goes into ${asked}; ${tool} also reads ${others.join(", ")}: ws credential set ${name} --variable NAME`,
    );
  }
  return { name: asked, type: "env", value: await readSecret(context, `value of ${asked}`) };
}

function warningOf({ tool, login, name }: CredentialPreset): string {
  const readable = `Everything that runs in a workspace can read it.`;
  if (!login.rotates) return `${login.path} of the worker is copied into each workspace, once. ${readable}`;
  return `${login.path} of the worker is copied into each workspace, once. ${tool} renews this login as it is used, and each renewal ends the one before: the worker's user and all but one workspace will have to log in again. A key has none of this: ws credential set ${name}. ${readable}`;
}
