import { CliError, EXIT } from "../errors.ts";

export const EDITORS = ["code", "cursor", "zed"] as const;
export type Editor = (typeof EDITORS)[number];

/** How an editor is told to open a directory of a host, and what it needs. Throws `protocol_error` for what is no path: it could be an option. */
export function editorCommand(
  editor: Editor,
  host: string,
  directory: string,
): { argv: [string, ...string[]]; needs: string } {
  if (!/^\/\P{Cc}*$/u.test(directory)) {
    throw new CliError("protocol_error", `The worker tells no directory to open, but ${JSON.stringify(directory)}.`, {
      next: `Nothing was opened. See what is there: ssh ${host}.`,
      exit: EXIT.denied,
    });
  }
  if (editor === "zed") {
    const path = directory.split("/").map(encodeURIComponent).join("/");
    return { argv: ["zed", `ssh://${host}${path}`], needs: "Zed's command line: in Zed, 'cli: install'" };
  }
  const called = editor === "code" ? "VS Code" : "Cursor";
  return {
    argv: [editor, "--remote", `ssh-remote+${host}`, directory],
    needs: `${called}'s command line, and its extension Remote - SSH: in it, 'Shell Command: Install ${editor} command in PATH'`,
  };
}
