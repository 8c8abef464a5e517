export interface FileStat {
  type: "file" | "directory" | "symlink" | "other";
  size: number;
  /** Permission bits, as in 0o644. */
  mode: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}
