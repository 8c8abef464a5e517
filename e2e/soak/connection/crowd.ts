// Many clients of one agent in one process, each with a connection of its own, as so many dashboards. Arguments: the agent's URL, how
// many, how many of them also look at a terminal of the workspace `demo`, or `only` where they do nothing else; the token is the first
// line of its input. It answers each further line with one line of JSON: what the clients have heard since the last one, and what the
// agent answered them.
import { createInterface } from "node:readline";
import { createAgentClient } from "@ws/rpc-contract/client";
import { createConnection, follow, systemTimers, watchStream } from "@ws/rpc-contract/connection";
import { connectTerminal } from "@ws/rpc-contract/terminal-client";

const [url = "", count = "0", viewers = "0"] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: token } = await lines.next();
const signal = new AbortController().signal;
const statuses: Record<number, number> = {};
const connections = Array.from({ length: Number(count) }, (_, index) =>
  begin({ listens: viewers !== "only", looks: viewers === "only" || index < Number(viewers) }),
);
let heard: { title: string; at: number }[] = [];
let drops = 0;

for await (const _line of lines) {
  const standing = connections.filter((one) => one.state().kind === "up" && one.isWatching()).length;
  process.stdout.write(`${JSON.stringify({ at: Date.now(), standing, drops, statuses, heard })}\n`);
  heard = [];
}
process.exit();

function begin({
  listens,
  looks,
}: {
  listens: boolean;
  looks: boolean;
}): ReturnType<typeof createConnection> & { isWatching: () => boolean } {
  const connection = createConnection();
  let isListening = !listens;
  let isAttached = !looks;
  const hearMarks = createMarks();
  if (listens) listen();
  if (looks) {
    connectTerminal({
      connection,
      open: () => new WebSocket(`${url.replace("http", "ws")}/terminal/demo`),
      token: () => token,
      terminal: "main",
      create: true,
      size: () => ({ cols: 80, rows: 24 }),
      sink: {
        write(bytes, parsed) {
          hearMarks(bytes);
          parsed();
        },
        repaint: (_bytes, parsed) => parsed(),
        reset: () => undefined,
        resized: () => undefined,
      },
      onState({ kind }) {
        if (isAttached && looks && kind !== "attached") drops += 1;
        isAttached = kind === "attached";
      },
    });
  }
  return { ...connection, isWatching: () => isListening && isAttached };

  function listen(): void {
    const client = createAgentClient({
      url,
      token: () => token,
      async fetch(request, init) {
        const response = await fetch(request, init);
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        return watchStream(response, { timers: systemTimers, heard: connection.heard });
      },
    });
    void follow({
      connection,
      open: (ended) => client.workspaces.events({}, { signal: ended }),
      onEvent(event) {
        isListening = true;
        if (event.type === "changed") heard.push({ title: event.workspace.name, at: Date.now() });
      },
      onLost() {
        isListening = false;
        drops += 1;
      },
      signal,
    });
  }
}

/** Hears the marks in what a terminal shows: each is a line of its own, which may come in pieces. */
function createMarks(): (bytes: Uint8Array) => void {
  let rest = "";
  return (bytes) => {
    const lines = (rest + Buffer.from(bytes).toString()).split("\r\n");
    rest = lines.pop() ?? "";
    for (const title of lines) if (title.startsWith("mark-")) heard.push({ title, at: Date.now() });
  };
}
