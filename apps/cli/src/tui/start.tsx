import { createCliRenderer } from "@opentui/core";
import { createRoot } from "@opentui/react";
import type { ReadStream, WriteStream } from "node:tty";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import type { EndSignal } from "../io.ts";
import { App } from "./app.tsx";
import type { Depth } from "./colours/reduce.ts";
import { reducedOutput } from "./colours/reduced-output.ts";
import { otherWorkers } from "./other-workers.ts";
import { hideNativeMessages } from "./native-messages.ts";
import type { Session } from "./state/session.ts";
import { suspend } from "./suspend.ts";

const CODES: Readonly<Record<EndSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: EXIT.unread };

type Ending = { exit: number } | { defect: unknown };

/**
 * Shows the screens until they are left; resolves to what the process is to exit with. Whatever happens meanwhile, the
 * terminal is given back as it was, and no worker is listened to. Rejects with a defect.
 */
export async function start(context: Context, session: Session): Promise<number> {
  const { io } = context;
  using others = otherWorkers(context, session);
  const stdout = io.stdout as WriteStream;
  const underWay = new Set<string>();
  const ending = Promise.withResolvers<Ending>();
  const crash = (defect: unknown): void => ending.resolve({ defect });
  const renderer = await createCliRenderer({
    stdin: io.stdin as ReadStream,
    stdout: reducedOutput(stdout, stdout.getColorDepth(io.env) as Depth),
    exitOnCtrlC: false,
    exitSignals: [],
    consoleMode: "disabled",
    openConsoleOnError: false,
    targetFps: 60,
  });
  const showNativeMessages = hideNativeMessages();
  process.on("uncaughtException", crash);
  const offSignal = io.onSignal((signal) => ending.resolve({ exit: CODES[signal] }));
  // It listens by itself only to the terminal, not to what stands before that.
  const offResize = io.onResize(() => renderer.resize(stdout.columns, stdout.rows));
  const offContinue = io.onContinue(() => renderer.resume());
  try {
    createRoot(renderer).render(
      <App
        session={session}
        workers={others}
        asCalled={context.asCalled}
        quit={() => ending.resolve({ exit: EXIT.ok })}
        suspend={() => suspend(renderer, io)}
        underWay={underWay}
        crash={crash}
      />,
    );
    const end = await ending.promise;
    if ("exit" in end) return end.exit;
    throw new CliError("internal", `Unexpected failure: ${messageOf(end.defect)}`, {
      next: "This is a defect of ws. Run it again with WS_DEBUG=1 and report what it prints.",
      cause: end.defect,
    });
  } finally {
    offSignal();
    offContinue();
    offResize();
    renderer.destroy();
    showNativeMessages();
    process.off("uncaughtException", crash);
    // An unread terminal would keep the process alive.
    io.stdin.destroy();
    for (const name of underWay) context.hint(`The worker goes on with '${name}'.`);
  }
}

function messageOf(defect: unknown): string {
  return defect instanceof Error ? defect.message : String(defect);
}
