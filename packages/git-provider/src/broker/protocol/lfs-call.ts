export const LFS_TYPE = "application/vnd.git-lfs+json";

/** What Git LFS asks of a repository's server; an object by the id under which the worker has it. */
export type LfsCall =
  | { name: "batch" | "list_locks" | "create_lock" | "verify_locks" | "unlock" }
  | { name: "object"; id: string };

const POSTED: readonly (readonly [RegExp, Exclude<LfsCall["name"], "object">])[] = [
  [/^objects\/batch$/, "batch"],
  [/^locks$/, "create_lock"],
  [/^locks\/verify$/, "verify_locks"],
  [/^locks\/[A-Za-z0-9_-]{1,100}\/unlock$/, "unlock"],
];

/** Reads what stands after `REPOSITORY/info/lfs/`; undefined for anything that is no such call. */
export function readLfsCall(method: string, asked: string): LfsCall | undefined {
  const [, id] = /^objects\/ws\/([0-9a-f]{48})$/.exec(asked) ?? [];
  if (id !== undefined) return /^(?:GET|PUT|POST)$/.test(method) ? { name: "object", id } : undefined;
  if (method === "GET") return /^locks(?:\?[\x21-\x7e]{0,4000})?$/.test(asked) ? { name: "list_locks" } : undefined;
  const found = method === "POST" ? POSTED.find(([form]) => form.test(asked)) : undefined;
  return found === undefined ? undefined : { name: found[1] };
}

/** Where the workspace finds an object that the worker has under this id. */
export function objectPath(repository: string, id: string): string {
  return `${repository}/info/lfs/objects/ws/${id}`;
}
