import type { Page } from "@playwright/test";
import type { UsageEvent, WorkspaceEvent } from "@ws/rpc-contract";
import { playedWorkspace, playWorker, type Played } from "@ws/rpc-contract/testing";

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
  const workspaces = Array.from({ length: count }, (_, number) => playedWorkspace(number));
  await page.addInitScript(playWorker, { workspaces });
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

declare global {
  var played: Played;
  var rendered: Rendered;
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
