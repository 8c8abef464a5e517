import { type Forge, WsError } from "@ws/workspace-core";

/** Knows which repositories are GitHub's, and says of everything else that it cannot be asked. */
export function unreachableForge(): Forge {
  const refuse = (url: string): never => {
    throw new WsError("forge_unknown", {
      message: `The forge of '${url}' cannot be asked from this worker.`,
      next: "Open the pull request on its page.",
      data: { url },
    });
  };
  return {
    provider: "github",
    changeLabel: "PR",
    serves: (url) => URL.parse(url)?.host === "github.com",
    open: refuse,
    repositories: () => refuse("https://github.com"),
  };
}
