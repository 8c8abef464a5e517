import { excerpt, WsError } from "@ws/workspace-core";

/** Where a repository lives, as far as credentials care. */
export interface RepositoryPlace {
  protocol: "https" | "ssh";
  /** Lower case, with the port where it is not the protocol's own. */
  host: string;
  /** Without `.git`; as it was written. */
  path: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
const PATH = /^(?!-)[\w.~+@%=,-]+(?:\/[\w.~+@%=,-]+)*$/;

/** Takes `https://host/owner/name`, `host/owner/name` and `git@host:owner/name`. Throws `invalid_clone_url`. */
export function repositoryAt(reference: string): RepositoryPlace {
  const ssh =
    /^ssh:\/\/(?:[\w.-]+@)?([^/@]+)\/(.+)$/i.exec(reference) ??
    /^[\w.-]+@([^/@:]+|\[[^\]]+\]):\/?(.+)$/.exec(reference);
  const https = ssh === null ? /^(?:https:\/\/)?([^/@]+)\/(.+)$/i.exec(reference) : null;
  const found = ssh ?? https;
  const protocol = ssh === null ? "https" : "ssh";
  const host = found?.[1]?.toLowerCase().replace(protocol === "https" ? /:443$/ : /:22$/, "") ?? "";
  const path = found?.[2]?.replace(/\/+$/, "").replace(/\.git$/i, "") ?? "";
  const hidden = /%(?![0-9a-f]{2})|%(?:[01][0-9a-f]|7f|2f|5c)/i.test(path);
  const walks = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (HOST.test(host) && PATH.test(path) && !hidden && !walks) return { protocol, host, path };
  throw new WsError("invalid_clone_url", {
    message: `'${excerpt(reference.replace(/\/\/[^/]*@/, "//***@"))}' is not a repository that a credential could be for.`,
    next: "Use https://host/owner/repo or host/owner/repo.",
    data: { url: excerpt(reference.replace(/\/\/[^/]*@/, "//***@")) },
  });
}

/** The same for all ways to write one repository. */
export function repositoryKey({ host, path }: RepositoryPlace): string {
  return `${host}/${path}`;
}

/** The two names by which forges such as GitHub know a repository; undefined where the path has another depth. */
export function ownerAndName({ path }: RepositoryPlace): { owner: string; name: string } | undefined {
  const [owner, name, ...rest] = path.split("/");
  return owner === undefined || name === undefined || rest.length > 0 ? undefined : { owner, name };
}
