/** Whether a link at this path, below a directory, says something outside of the directory. */
export function leadsOutOf(path: string, target: string): boolean {
  if (target === "" || target.startsWith("/")) return true;
  let depth = path.split("/").length - 1;
  for (const segment of target.split("/")) {
    if (segment === "..") depth -= 1;
    else if (segment !== "" && segment !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
