import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command as a person has it in front of them. */
export interface Screen {
  press: (keys: string) => void;
  /** Resolves to the match once the output since the last one holds it; fails where the command ends before. */
  shows: (pattern: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<number>;
  /** Ends the terminal, as closing its window does. */
  close: () => void;
}

/** Runs one simple command, in a shell's words, on a terminal of its own, which `script` makes. */
export function onScreen(command: string, options: { env: NodeJS.ProcessEnv; cwd?: string }): Screen {
  // Without exec, the shell that script starts may stay in front of the command and be ended by Ctrl-C itself.
  const terminal = spawn("script", ["-qec", `exec ${command}`, "/dev/null"], options);
  let printed = "";
  terminal.stdout.on("data", (bytes: Buffer) => (printed += bytes.toString()));
  const ended = once(terminal, "exit").then(([code]) => code as number);
  // The last of what it prints is there once its output is closed.
  const closed = once(terminal, "close");
  return {
    press: (keys) => void terminal.stdin.write(keys),
    async shows(pattern) {
      for (let over = false; ;) {
        const match = pattern.exec(printed);
        if (match !== null) {
          printed = printed.slice(match.index + match[0].length);
          return match;
        }
        if (over) throw new Error(`'${command}' ended without ${pattern}. It printed:\n${printed}`);
        over = await Promise.race([once(terminal.stdout, "data").then(() => false), closed.then(() => true)]);
      }
    },
    ended,
    close: () => void terminal.kill("SIGHUP"),
  };
}
