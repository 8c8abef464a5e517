const LOCAL_GIT_HOST = "git.ws.internal";

/** The project of a repository that the worker itself keeps, at `https://git.ws.internal/PROJECT.git`; undefined for a forge's. */
export function localProject(repo: string | undefined): string | undefined {
  const url = URL.parse(repo ?? "");
  if (url?.hostname !== LOCAL_GIT_HOST) return undefined;
  return decodeURIComponent(url.pathname.slice(1)).replace(/\.git\/?$/, "");
}
