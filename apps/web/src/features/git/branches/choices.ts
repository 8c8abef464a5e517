import type { GitBranchResult } from "@ws/rpc-contract";

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

/** `main` of `origin/main`: what it is called once it is checked out. */
export function localName({ name, remote }: Pick<GitBranchResult, "name" | "remote">): string {
  return remote ? name.slice(name.indexOf("/") + 1) : name;
}
