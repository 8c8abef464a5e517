import type { ByteSource, Bytes } from "./bytes.ts";

/** One commit of a repository, looked at on the worker before anything of it lies in a workspace. Paths are relative to its top. */
export interface RepositorySnapshot extends AsyncDisposable {
  readonly commit: string;
  /** A plain file's content; undefined where none lies there. Says `link` of what is no plain file, and `large` of one that is larger. */
  read(path: string, mostBytes: number): Promise<Bytes | "link" | "large" | undefined>;
  /** What stands for all files below a directory, empty for the top; undefined where none is there. */
  tree(path: string): Promise<string | undefined>;
  /** The same files as a tar, cut off with an error where it is larger. */
  archive(tree: string, mostBytes: number): ByteSource;
}
