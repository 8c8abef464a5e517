/** An action that a dialog asks about. */
export type FileAsk =
  | { kind: "newFile" | "newFolder"; folder: string }
  | { kind: "rename"; path: string; isFolder: boolean }
  | { kind: "remove"; path: string; isFolder: boolean };

/** What an action has done. */
export type FileDone =
  | { kind: "newFile" | "newFolder"; path: string }
  | { kind: "rename"; path: string; to: string }
  | { kind: "remove"; path: string };
