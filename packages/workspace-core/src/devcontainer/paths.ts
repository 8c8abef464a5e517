/**
 * A path as the file has it, relative to the folder that the file lies in, as one relative to the repository's top (empty for the
 * top itself); undefined where it leads out of the repository.
 */
export function pathWithin(folder: string, path: string): string | undefined {
  // No control character, because nobody could read in a message what is meant.
  if (path.startsWith("/") || /[\\\p{Cc}]/u.test(path) || path.length > 1_000) return undefined;
  const parts: string[] = [];
  for (const part of [...folder.split("/"), ...path.split("/")]) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  // Git has nothing there, and a repository could mean nothing good by it.
  return parts.some((part) => part.toLowerCase() === ".git") ? undefined : parts.join("/");
}
