import type { EntryRow, Row } from "./tree.ts";
import { baseOf, parentOf } from "../../file-paths.ts";

/** What a key does to a tree whose rows are these, with one of them active. */
export type TreeMove =
  | { kind: "activate"; path: string }
  | { kind: "expand"; path: string }
  | { kind: "collapse"; path: string }
  | { kind: "open"; row: EntryRow }
  | { kind: "rename"; row: EntryRow }
  | { kind: "remove"; row: EntryRow };

/** As the ARIA tree pattern has it. Undefined where the key means nothing here. */
export function moveOf(
  key: string,
  rows: readonly Row[],
  active: string | undefined,
  page: number,
): TreeMove | undefined {
  const entries = rows.filter((row) => row.kind === "entry");
  const at = entries.findIndex(({ path }) => path === active);
  const row = entries[at];
  const to = (index: number): TreeMove | undefined => {
    const path = entries[Math.min(entries.length - 1, Math.max(0, index))]?.path;
    return path === undefined ? undefined : { kind: "activate", path };
  };
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "Home":
      return to(0);
    case "End":
      return to(entries.length - 1);
    case "PageDown":
      return to(at + page);
    case "PageUp":
      return to(at - page);
  }
  if (row === undefined) return undefined;
  switch (key) {
    case "ArrowRight": {
      if (row.expanded === false) return { kind: "expand", path: row.path };
      const next = entries[at + 1];
      return row.expanded === true && next !== undefined && next.level > row.level ? to(at + 1) : undefined;
    }
    case "ArrowLeft":
      if (row.expanded === true) return { kind: "collapse", path: row.path };
      return row.level === 1 ? undefined : { kind: "activate", path: parentOf(row.path) };
    case "Enter":
    case " ":
      return { kind: "open", row };
    case "F2":
      return { kind: "rename", row };
    case "Delete":
      return { kind: "remove", row };
  }
  return undefined;
}

/** The next entry after the active one, around the end, whose name begins so. One letter again and again walks on. */
export function typedAhead(rows: readonly Row[], active: string | undefined, typed: string): string | undefined {
  const entries = rows.filter((row) => row.kind === "entry");
  const at = entries.findIndex(({ path }) => path === active);
  const first = typed[0] ?? "";
  const same = typed.split("").every((letter) => letter === first);
  const sought = (same ? first : typed).toLowerCase();
  // While a longer beginning is typed, the one that fits already stays.
  const from = same ? at + 1 : Math.max(at, 0);
  for (let step = 0; step < entries.length; step += 1) {
    const path = entries[(from + step) % entries.length]?.path ?? "";
    if (baseOf(path).toLowerCase().startsWith(sought)) return path;
  }
  return undefined;
}
