import { WsError } from "../errors.ts";
import { linesOf } from "./parse-runs.ts";
import { oneLine } from "../in-place/run-script.ts";
import type { RunRequest } from "./runs.ts";

/** What a program of the holder said. Throws `box_feature_missing`, and `internal` where it was cut off. */
export function said(answer: string): string[] {
  const lines = linesOf(answer);
  if (lines === undefined) throw nonsense(answer);
  throwIfMissing(lines[0]);
  return lines;
}

/** Throws `box_feature_missing` for a line that says what the place lacks. */
export function throwIfMissing(line: string | undefined): void {
  const part = /^missing (perl|\/proc)$/.exec(line ?? "")?.[1];
  if (part === undefined) return;
  throw new WsError("box_feature_missing", {
    message: `This workspace cannot hold runs: it has no ${part}.`,
    next: part === "perl" ? "Install perl in it, or use an image that has it." : "Use a workspace on Linux.",
    data: { feature: "runs", missing: [part] },
  });
}

/** The domain's error for a line that is no run. */
export function refusal(line: string, asked?: RunRequest & { cwd: string }): WsError {
  if (line === "full") {
    return new WsError("disk_full", {
      message: "The run was not begun: the workspace's disk is full.",
      next: "Make room in it, and start the run again.",
      data: {},
    });
  }
  const [what, number = ""] = line.split(" ", 3);
  if (asked !== undefined && what === "no-cwd") return noDirectory(asked.cwd, number);
  if (asked !== undefined && what === "no-command") return noCommand(asked.argv[0], number);
  return nonsense(line);
}

/** For one of which something is still there. */
export function stuck(id: string, afterMs: number): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `Something of the run '${id}' could not be ended.`,
    next: "See what it is in the workspace, or restart the workspace.",
    data: { afterMs },
  });
}

const NO_ENTRY = "2";
const TOO_LONG = "7";
const NO_DIRECTORY = "20";

function noDirectory(path: string, number: string): WsError {
  if (number === NO_ENTRY) {
    return new WsError("file_not_found", {
      message: `The directory ${path} does not exist.`,
      next: "Name a directory that is there, or make this one first.",
      data: { path },
    });
  }
  if (number === NO_DIRECTORY) {
    return new WsError("not_a_directory", {
      message: `${path} is not a directory.`,
      next: "Name the directory it lies in.",
      data: { path },
    });
  }
  return new WsError("permission_denied", {
    message: `The directory ${path} cannot be entered.`,
    next: "Name a directory that the user of the workspace may enter.",
    data: { path },
  });
}

function noCommand(command: string, number: string): WsError {
  if (number === NO_ENTRY || number === NO_DIRECTORY) {
    return new WsError("command_not_found", {
      message: `There is no command '${command}' in this workspace.`,
      next: /\s/.test(command)
        ? "Give its words separately, as NAME -- WORD WORD, or let a shell read them: -- sh -c 'COMMAND'."
        : "Check how it is written, or install it in the workspace.",
      data: { command },
    });
  }
  if (number === TOO_LONG) {
    return new WsError("invalid_input", {
      message: `The arguments and variables of '${command}' are more than a program can be given.`,
      next: "Put them into a file, or pass them on stdin.",
      data: { field: "argv" },
    });
  }
  return new WsError("permission_denied", {
    message: `'${command}' cannot be executed.`,
    next: `Make it an executable program: chmod +x ${command}`,
    data: { path: command },
  });
}

function nonsense(answer: string): WsError<"internal"> {
  const what = oneLine(answer.slice(0, 200));
  return new WsError("internal", {
    message: `What holds the workspace's runs said what it never says: ${what === "" ? "nothing" : what}`,
    data: {},
  });
}
