import { execFile } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A terminal whose screen can be read: rows and columns as a person sees them, after all that was printed. */
export interface Tmux extends AsyncDisposable {
  /** Keys as tmux names them: `Enter`, `C-c`, `Up`, or a character. */
  press(...keys: string[]): Promise<void>;
  /** Characters as they are, together. */
  type(text: string): Promise<void>;
  /** A press and a release of the mouse's left button, from 1. */
  click(column: number, row: number): Promise<void>;
  /** Resolves to the screen once it matches; looked at after whatever is printed. */
  shows(pattern: RegExp): Promise<string>;
  /** The screen now, with what sets colours where `styled`. */
  screen(styled?: boolean): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** `alternate mouse cursor`, each 0 or 1. */
  modes(): Promise<string>;
  /** The program that was started, and what it became. */
  pid(): Promise<number>;
  /** All that was printed so far. */
  printed(): string;
}

/** Runs a line of sh in a terminal of this size, which stays when that ends. */
export async function inTmux(
  command: string,
  options: { env: NodeJS.ProcessEnv; columns: number; rows: number },
): Promise<Tmux> {
  const { columns, rows } = options;
  const directory = await mkdtemp(join(tmpdir(), "ws-tmux-"));
  const socket = join(directory, "socket");
  const output = join(directory, "output");
  const { TMUX: _outer, ...env } = options.env;
  const tmux = async (...words: string[]): Promise<string> =>
    (await run("tmux", ["-S", socket, "-f", "/dev/null", ...words], { env })).stdout;
  await run("mkfifo", [output]);
  const size = ["-x", String(columns), "-y", String(rows)];
  // The command waits until its output is listened to.
  await tmux("new-session", "-d", ...size, `read -r go; ${command}`);
  await tmux("set-option", "-g", "remain-on-exit", "on", ";", "set-option", "-g", "window-size", "manual");
  await tmux("pipe-pane", "-O", `exec cat > '${output}'`);
  const listening = createReadStream(output);
  let printed = "";
  listening.on("data", (bytes) => (printed += String(bytes)));
  await once(listening, "open");
  const sendKeys = async (...keys: string[]): Promise<void> => void (await tmux("send-keys", ...keys));
  await sendKeys("go", "Enter");
  const screen = (styled = false): Promise<string> => tmux("capture-pane", "-p", ...(styled ? ["-e"] : []));
  return {
    press: (...keys) => sendKeys(...keys),
    type: (text) => sendKeys("-l", "--", text),
    click: (column, row) => sendKeys("-l", "--", `\u001b[<0;${column};${row}M\u001b[<0;${column};${row}m`),
    async shows(pattern) {
      const late = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        const next = once(listening, "data");
        const now = await screen();
        if (pattern.test(now)) return now;
        await Promise.race([next, once(late, "abort")]);
        if (late.aborted) throw new Error(`${pattern} is not on the screen:\n${await screen()}`);
      }
    },
    screen,
    resize: async (width, height) => void (await tmux("resize-window", "-x", String(width), "-y", String(height))),
    modes: async () => (await tmux("display", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}")).trim(),
    pid: async () => Number(await tmux("display", "-p", "#{pane_pid}")),
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      await tmux("kill-server").catch(() => undefined);
      listening.destroy();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Only a failure takes as long. */
const PATIENCE_MS = 15_000;
