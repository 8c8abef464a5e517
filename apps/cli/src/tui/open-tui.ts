import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { findTarget } from "../target.ts";
import type * as Start from "./start.tsx";
import type * as SessionState from "./state/session.ts";

/**
 * Opens the screens on this terminal, and resolves when they are left. Throws as any command does where the worker does not
 * answer, and `tui_unavailable` where this machine has not got what draws them.
 */
export async function openTui(context: Context): Promise<void> {
  const { start, openSession } = await load();
  const session = await openSession(context.io, await findTarget(context.io.env, context.on));
  context.exitCode = await start(context, session);
}

async function load(): Promise<typeof Start & typeof SessionState> {
  const { env } = process;
  // Else React's other half is loaded, which is there to help in writing it, and is slow.
  env["NODE_ENV"] ??= "production";
  const wish = env["DEV"];
  // Heard by the library: it would look for tools that are not installed.
  delete env["DEV"];
  silenceExperiments();
  try {
    const [screens, state, { resolveRenderLib }] = await Promise.all([
      import("./start.tsx"),
      import("./state/session.ts"),
      import("@opentui/core"),
    ]);
    // Its native part is a package of its own for each kind of machine.
    resolveRenderLib();
    return { ...screens, ...state };
  } catch (error) {
    throw new CliError("tui_unavailable", "The screens of 'ws' cannot be drawn on this machine.", {
      next: "Everything is a command too: ws list, ws --help. Or use the dashboard: ws open.",
      cause: error,
    });
  } finally {
    if (wish !== undefined) env["DEV"] = wish;
  }
}

/** What draws is reached through a part of Node that says at its first use that it is new, on the very screen that is drawn on. */
function silenceExperiments(): void {
  const warn = process.emitWarning;
  process.emitWarning = ((...said: Parameters<typeof warn>) => {
    if (!isExperimental(said)) warn.apply(process, said);
  }) as typeof warn;
}

function isExperimental([, kind]: readonly unknown[]): boolean {
  return kind === "ExperimentalWarning" || (kind as { type?: unknown } | undefined)?.type === "ExperimentalWarning";
}
