import type { WorkspaceInfo } from "../workspace-info.ts";

/** What `playWorker` begins with. */
export interface Play {
  workspaces: readonly WorkspaceInfo[];
  /** Whether nothing is told of them until `begin` is called. */
  waits?: boolean;
}

/** In a page that `playWorker` runs in: sends an event to it, by the name of its stream. */
export interface Played {
  events?: (event: unknown) => void;
  usage?: (event: unknown) => void;
  /** Tells of the workspaces and tasks that there are. */
  begin?: () => void;
}

/**
 * Runs in a page, before anything of it, given to it as text: it answers in place of the worker, so that the page can be looked at
 * with hundreds of workspaces that run nowhere. What its streams say is sent through `globalThis.played`.
 */
export function playWorker({ workspaces, waits = false }: Play): void {
  const played: Played = {};
  Object.assign(globalThis, { played });
  localStorage.setItem("ws.token", "played");
  const real = globalThis.fetch;
  const json = (value: unknown) =>
    new Response(JSON.stringify({ json: value }), { headers: { "content-type": "application/json" } });
  // What is not played is refused, as by a worker that is older than the page.
  const refuse = () => {
    const error = { defined: false, code: "NOT_FOUND", status: 404, message: "This is not played." };
    return new Response(JSON.stringify({ json: error }), {
      status: 404,
      headers: { "content-type": "application/json" },
    });
  };
  const stream = (name: "events" | "usage", opened: () => void) => {
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      start(controller) {
        const send = (event: unknown) =>
          controller.enqueue(encoder.encode(`event: message\ndata: ${JSON.stringify({ json: event })}\n\n`));
        played[name] = send;
        opened();
        // A stream that is silent is taken for one that broke.
        setInterval(() => controller.enqueue(encoder.encode(": \n\n")), 2_000);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const begin = () => {
    played.events?.({ type: "snapshot", workspaces });
    played.events?.({ type: "tasks", tasks: [] });
  };
  played.begin = begin;
  const answers: Readonly<Record<string, () => Response>> = {
    "/rpc/workspaces/events": () => stream("events", () => waits || begin()),
    "/rpc/workspaces/usage": () => stream("usage", () => undefined),
    "/rpc/tasks/list": () => json([]),
    "/rpc/info": () =>
      json({ name: "played", version: "1", remarks: [], engineAvailable: true, isolation: "container" }),
  };
  globalThis.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, "http://page.invalid");
    if (!pathname.startsWith("/rpc/")) return real(input, init);
    return Promise.resolve((answers[pathname] ?? refuse)());
  };
}

/** One of many that run, the first the newest. */
export function playedWorkspace(number: number): WorkspaceInfo {
  const made = new Date(Date.UTC(2026, 10, 1) - number * 60_000).toISOString();
  return {
    id: `ws-${number}`,
    name: `many-${number}`,
    status: "running",
    phase: "ready",
    containerId: `c${number}`,
    created: made,
    // Ahead of every clock: an age that is shown moves by itself.
    lastUsed: "2099-01-01T00:00:00.000Z",
    repo: "https://git.example.com/team/shop.git",
    branch: `ws/many-${number}`,
    runtime: "docker",
    isolation: "container",
    profile: "person",
    limits: {},
    ports: { ssh: 0 },
    startup: { steps: [], updatedAt: made },
  };
}
