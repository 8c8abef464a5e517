const KEY = "ws.previews.agreed";
/** Of the workspaces that were agreed to last. */
const MOST = 200;

/** For which workspaces this browser's person has been told what a preview is. */
export interface Agreed {
  has(workspace: string): boolean;
  add(workspace: string): void;
}

/** By workspace id: another workspace of the same name may hold something else. A storage that refuses is asked again the next time. */
export function createAgreed(storage: Pick<Storage, "getItem" | "setItem">): Agreed {
  return {
    has: (workspace) => read(storage).includes(workspace),
    add(workspace) {
      const ids = [...read(storage).filter((id) => id !== workspace), workspace].slice(-MOST);
      try {
        storage.setItem(KEY, JSON.stringify(ids));
      } catch {
        // Full, or closed by the browser: then it is asked anew.
      }
    },
  };
}

function read(storage: Pick<Storage, "getItem">): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
