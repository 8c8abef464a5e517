// Reads a task's output and a terminal of the same workspace to their ends, over whatever becomes of the network between: a process
// of its own, so that it can stand in a network namespace. Arguments: the agent's URL, the workspace, the task, the terminal's
// program; the token is the first line of its input. It says each change of the connection as a line of JSON, and at last the hashes.
import { createInterface } from "node:readline";
import { createConnection, follow } from "@ws/rpc-contract/connection";
import { createAgentClient, eventIdOf } from "@ws/rpc-contract/client";
import { connectTerminal } from "@ws/rpc-contract/terminal-client";
import { systemTimers, watchStream } from "@ws/rpc-contract/connection";
import { hashOf } from "./counter.ts";

const [url = "", name = "", task = "", program = ""] = process.argv.slice(2);
const { value: token } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const connection = createConnection();
const client = createAgentClient({
  url,
  token: () => token,
  fetch: async (request, init) =>
    watchStream(await fetch(request, init), { timers: systemTimers, heard: connection.heard }),
});
connection.subscribe(() => say(connection.state()));

const bytes: Uint8Array[] = [];
let omitted = 0;
const terminal = new Promise<void>((resolve, reject) => {
  connectTerminal({
    connection,
    open: () => new WebSocket(`${url.replace("http", "ws")}/terminal/${name}`),
    token: () => token,
    terminal: "counter",
    create: true,
    command: ["sh", "-c", program],
    since: 0,
    size: () => ({ cols: 80, rows: 24 }),
    sink: {
      write(chunk, parsed) {
        bytes.push(chunk.slice());
        parsed();
      },
      repaint: () => reject(new Error("A screen came in the place of the bytes.")),
      reset: () => reject(new Error("The terminal began anew.")),
      resized: () => undefined,
    },
    onState(state) {
      if (state.kind === "ended") resolve();
      if (state.kind === "refused") reject(new Error(`The terminal was refused: ${state.refusal}.`));
    },
    onSkipped: (count) => (omitted += count),
  });
});
let output = "";
const following = follow({
  connection,
  open: (signal, after) =>
    client.tasks.output({ task, follow: true }, { signal, ...(after === undefined ? {} : { lastEventId: after }) }),
  idOf: eventIdOf,
  onEvent: ({ text }) => void (output += text),
  isOver: async (signal) => (await client.tasks.get({ task }, { signal })).status === "completed",
  signal: new AbortController().signal,
});
await Promise.all([terminal, following]);
connection.close();
const shown = Buffer.concat(bytes);
say({
  kind: "done",
  task: { lines: output.split("\n").length - 1, hash: hashOf(output) },
  terminal: { lines: shown.toString().split("\n").length - 1, hash: hashOf(shown) },
  omitted,
});

function say(what: object): void {
  process.stdout.write(`${JSON.stringify({ at: Date.now(), ...what })}\n`);
}
