import { panesOf, SMALLEST_SHARE, terminalsOf, type Group, type Layout, type Place } from "./layout.ts";

/** How the terminals of workspaces were laid out on this device, by the workspace's id. */
export interface KeptLayouts {
  get(workspace: string): Layout;
  set(workspace: string, layout: Layout): void;
}

export const LAYOUTS_KEY = "ws.terminal.layouts";
/** The workspaces that were changed last; those of others are forgotten. */
const MOST = 100;
const DEEPEST = 32;

export function createKeptLayouts(storage: Pick<Storage, "getItem" | "setItem">): KeptLayouts {
  /** Read anew each time: another tab may have written. */
  const read = (): [string, unknown][] => {
    try {
      const kept: unknown = JSON.parse(storage.getItem(LAYOUTS_KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isEntry) : [];
    } catch {
      return [];
    }
  };
  return {
    get: (workspace) => layoutOf(read().find(([id]) => id === workspace)?.[1]),
    set(workspace, layout) {
      const others = read().filter(([id]) => id !== workspace);
      try {
        storage.setItem(LAYOUTS_KEY, JSON.stringify([[workspace, layout], ...others].slice(0, MOST)));
      } catch {
        // A full or forbidden storage: the layout lasts as long as the page.
      }
    },
  };
}

/** What was kept, as far as it is a layout: nothing twice, nothing without a place. */
function layoutOf(kept: unknown): Layout {
  if (!Array.isArray(kept)) return [];
  const layout = kept.flatMap((group: unknown) => groupIn(group) ?? []);
  const all = terminalsOf(layout);
  return new Set(all).size === all.length ? layout : [];
}

function groupIn(kept: unknown): Group | undefined {
  const { place: given, focus, maximised } = recordIn(kept);
  const place = placeIn(given, 0);
  if (place === undefined) return undefined;
  const panes = panesOf(place);
  return {
    place,
    focus: panes.find((pane) => pane === focus) ?? panes[0] ?? "",
    maximised: maximised === true && panes.length > 1,
  };
}

function placeIn(kept: unknown, depth: number): Place | undefined {
  if (typeof kept === "string") return kept === "" ? undefined : kept;
  const { axis, share, first: one, second: two } = recordIn(kept);
  if (depth > DEEPEST || (axis !== "row" && axis !== "column")) return undefined;
  const [first, second] = [placeIn(one, depth + 1), placeIn(two, depth + 1)];
  if (first === undefined || second === undefined) return undefined;
  const inBounds = typeof share === "number" && share >= SMALLEST_SHARE && share <= 1 - SMALLEST_SHARE;
  return { axis, share: inBounds ? share : 0.5, first, second };
}

function recordIn(kept: unknown): Record<string, unknown> {
  return typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : {};
}

function isEntry(entry: unknown): entry is [string, unknown] {
  return Array.isArray(entry) && typeof entry[0] === "string";
}
