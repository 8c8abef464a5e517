import type { Page } from "@playwright/test";
import type { UsageEvent, WorkspaceEvent, WorkspaceInfo } from "@ws/rpc-contract";

/** What was rendered anew since it was last asked, by the workspaces' ids. */
export interface Rendered {
  rows: string[];
  cells: string[];
}

/**
 * The list over a worker that is played by the test: so many workspaces run nowhere. Its streams say what the test sends, and React
 * itself says what it rendered, by the hook that its developer tools use; it is there in the built page too.
 */
export async function manyWorkspaces(page: Page, url: string, count: number) {
  const workspaces = Array.from({ length: count }, (_, number) => workspaceOf(number));
  await page.addInitScript(playWorker, workspaces);
  await page.addInitScript(countRenders);
  await page.goto(url);
  return {
    send: {
      event: (event: WorkspaceEvent) => page.evaluate((given) => globalThis.played.events?.(given), event),
      usage: (event: UsageEvent) => page.evaluate((given) => globalThis.played.usage?.(given), event),
    },
    rendered: (): Promise<Rendered> =>
      page.evaluate(() => {
        const { rows, cells } = globalThis.rendered;
        globalThis.rendered = { rows: [], cells: [] };
        return { rows, cells };
      }),
  };
}

export function workspaceOf(number: number): WorkspaceInfo {
  const made = new Date(Date.UTC(2026, 10, 1) - number * 60_000).toISOString();
  return {
    id: `ws-${number}`,
    name: `many-${number}`,
    status: "running",
    phase: "ready",
    containerId: `c${number}`,
    created: made,
    lastUsed: made,
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

declare global {
  var played: Record<string, (event: unknown) => void>;
  var rendered: Rendered;
}

/** Runs in the page, before anything of it. */
function playWorker(workspaces: WorkspaceInfo[]): void {
  localStorage.setItem("ws.token", "played");
  globalThis.played = {};
  const real = globalThis.fetch;
  const json = (value: unknown) =>
    new Response(JSON.stringify({ json: value }), { headers: { "content-type": "application/json" } });
  const stream = (name: string, first: unknown[]) => {
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      start(controller) {
        const send = (event: unknown) =>
          controller.enqueue(encoder.encode(`event: message\ndata: ${JSON.stringify({ json: event })}\n\n`));
        globalThis.played[name] = send;
        for (const event of first) send(event);
        // A stream that is silent is taken for one that broke.
        setInterval(() => controller.enqueue(encoder.encode(": \n\n")), 2_000);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const answers: Record<string, () => Response> = {
    "/rpc/workspaces/events": () =>
      stream("events", [
        { type: "snapshot", workspaces },
        { type: "tasks", tasks: [] },
      ]),
    "/rpc/workspaces/usage": () => stream("usage", []),
    "/rpc/info": () =>
      json({ name: "played", version: "1", remarks: [], engineAvailable: true, isolation: "container" }),
  };
  globalThis.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (!pathname.startsWith("/rpc/")) return real(input, init);
    return Promise.resolve((answers[pathname] ?? (() => json([])))());
  };
}

/** Runs in the page, before React. */
function countRenders(): void {
  interface Fiber {
    flags: number;
    memoizedProps: { workspace?: { id: string }; toggle?: unknown; id?: string } | null;
    elementType: unknown;
    child: Fiber | null;
    sibling: Fiber | null;
  }
  /** React marks so what it called. */
  const PERFORMED_WORK = 1;
  globalThis.rendered = { rows: [], cells: [] };
  const known = new Map<unknown, Map<string, Fiber>>();
  const look = (kind: "rows" | "cells", id: string, fiber: Fiber) => {
    const ofKind = known.get(fiber.elementType) ?? new Map<string, Fiber>();
    known.set(fiber.elementType, ofKind);
    const isOther = ofKind.get(id) !== fiber;
    ofKind.set(id, fiber);
    // One that was passed over is the same, or a copy without the mark.
    if (isOther && (fiber.flags & PERFORMED_WORK) !== 0) globalThis.rendered[kind].push(id);
  };
  const walk = (fiber: Fiber | null): void => {
    for (let at = fiber; at !== null; at = at.sibling) {
      const props = at.memoizedProps;
      const isComponent = typeof at.elementType === "object" || typeof at.elementType === "function";
      if (isComponent && props !== null && typeof props === "object") {
        if (props.workspace !== undefined && props.toggle !== undefined) look("rows", props.workspace.id, at);
        else if (Object.keys(props).join() === "id" && props.id?.startsWith("ws-")) look("cells", props.id, at);
      }
      walk(at.child);
    }
  };
  Object.assign(globalThis, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: (_id: number, root: { current: { child: Fiber | null } }) => walk(root.current.child),
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
    },
  });
}
