/**
 * Whether an entry of a directory can be called so. What answers for a workspace's files may be its own, and name a way elsewhere to
 * whoever unpacks by it.
 */
export function isEntryName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
}
