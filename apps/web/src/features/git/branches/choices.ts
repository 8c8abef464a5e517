import type { GitBranchResult } from "@ws/rpc-contract";

/** A branch to stand on. */
export interface Wish {
  branch: string;
  create: boolean;
}

/** What stands in the list for what was typed: branches of here, then those that only the remote has. */
export function choicesOf(
  branches: readonly GitBranchResult[],
  search: string,
): { found: GitBranchResult[]; mayCreate: boolean } {
  const typed = search.trim();
  const local = new Set(branches.filter(({ remote }) => !remote).map(({ name }) => name));
  const offered = branches.filter(
    (branch) => !branch.remote || (!local.has(localName(branch)) && localName(branch) !== "HEAD"),
  );
  const words = typed.toLowerCase();
  const found = offered.filter(({ name }) => name.toLowerCase().includes(words));
  const taken = offered.some((branch) => localName(branch) === typed);
  return { found, mayCreate: typed !== "" && !taken };
}

/** What Enter means: the branch of that very name, or the only one that is left, or a new one where there is none. */
export function meantBy(found: readonly GitBranchResult[], mayCreate: boolean, search: string): Wish | undefined {
  const typed = search.trim();
  if (typed === "") return undefined;
  const exact = found.find((branch) => localName(branch) === typed) ?? (found.length === 1 ? found[0] : undefined);
  if (exact !== undefined) return exact.current ? undefined : { branch: localName(exact), create: false };
  return mayCreate && found.length === 0 ? { branch: typed, create: true } : undefined;
}

/** `main` of `origin/main`: what it is called once it is checked out. */
export function localName({ name, remote }: Pick<GitBranchResult, "name" | "remote">): string {
  return remote ? name.slice(name.indexOf("/") + 1) : name;
}
