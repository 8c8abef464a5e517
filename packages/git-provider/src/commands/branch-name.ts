/**
 * Whether git takes this as a branch's name (the rules of `git check-ref-format --branch`, without its
 * shorthands); such a name never begins with '-'.
 */
export function isBranchName(name: string): boolean {
  if (name === "" || name.length > 240 || name === "@" || name === "HEAD" || name.startsWith("-")) return false;
  if (/[\p{C}\s~^:?*[\\]|\.\.|@\{|\.$/u.test(name)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}
