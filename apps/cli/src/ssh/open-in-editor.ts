import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { editorCommand, type Editor } from "./editors.ts";
import { isSetUp, setUpSsh } from "./set-up.ts";

/** Opens where a workspace's commands start in an editor of this device; SSH is set up where it is not yet. */
export async function openInEditor(context: Context, name: string, editor: Editor): Promise<void> {
  const { env } = context.io;
  const { client } = await context.connect();
  const { status, directory = "/" } = await client.workspaces.get({ name });
  if (status !== "running") {
    throw new CliError("workspace_not_running", `'${name}' is not running: it is ${status}.`, {
      next: `Start it: ws start ${name}.`,
      exit: EXIT.conflict,
    });
  }
  const host = context.on === undefined ? `${name}.ws` : `${name}.${context.on}.ws`;
  const { argv, needs } = editorCommand(editor, host, directory);
  const [program, ...words] = argv;
  const missing = (cause?: Error): CliError =>
    new CliError("editor_missing", `'${program}' cannot be started on this device.`, {
      next: `It needs ${needs}. From another one: ssh ${host}.`,
      ...(cause === undefined ? {} : { cause }),
    });
  // Before anything of this device is changed for it.
  if (!isOnPath(program, env["PATH"])) throw missing();
  if (!isSetUp(env, context.on)) {
    await setUpSsh(context);
    context.hint("SSH on this device knows workspaces now; 'ws ssh-config --remove' takes that back.");
  }
  const { error, status: code } = spawnSync(program, words, { stdio: "inherit", env: { ...env } });
  if (error !== undefined) throw missing(error);
  if (code !== 0)
    throw new CliError("editor_failed", `'${program}' ended with ${code ?? "a signal"}.`, {
      next: `See whether this works: ssh ${host} true.`,
    });
  if (context.json) context.printJson({ host, directory, command: argv });
  else context.hint(`${editor} opens ${directory} of ${host}.`);
}

/** Where it is not known where programs are looked for, whoever starts one finds out. */
function isOnPath(program: string, path: string | undefined): boolean {
  if (path === undefined) return true;
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
