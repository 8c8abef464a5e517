import type { Io } from "../io.ts";
import { isWorkerName } from "../worker-name.ts";

const COMMAND = /(?<![\w./-])ws (?=[a-z[-])/g;
/** Commands about the agent that was reached, about this device, or to be typed at another; `mcp:` begins a message. */
const OF_NO_WORKER =
  /^(?:-|\[|(?:worker|agent|open|mcp:)(?!\w)|config (?:get|set|unset) (?:worker|token)\b|[a-z -]+ --(?:on|help)\b)/;

/** The commands in a text as this reader can type them: beside the repository's launcher, `ws` alone is not found. */
export function asCalled(text: string, env: Io["env"]): string {
  return env["WS_CALLED"] === "./ws" ? text.replaceAll(COMMAND, "./ws ") : text;
}

/**
 * The same for what a call tells to type next, which leads to the worker that the call was for: `on` is the one of the command line,
 * where that names one. A command with a variable before it is another device's.
 */
export function asCalledOn(text: string, env: Io["env"], on: string | undefined): string {
  const option = workerOption(env, on);
  const there = text.replaceAll(COMMAND, (ws, at: number) =>
    OF_NO_WORKER.test(text.slice(at + ws.length)) || /=\S+ $/.test(text.slice(0, at)) ? ws : `${ws}${option}`,
  );
  return asCalled(there, env);
}

/** Of a worker that `WS_ON` names, too: it may have been set for that one call. */
function workerOption({ WS_ON = "" }: Io["env"], on = WS_ON): string {
  if (on === "") return WS_ON === "" ? "" : "--on '' ";
  return isWorkerName(on) ? `--on ${on} ` : "";
}
