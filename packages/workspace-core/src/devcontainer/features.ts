import { excerpt } from "../names.ts";

const OFFICIAL = "ghcr.io/devcontainers/features/";

/** Those that an image can be seen to have, by the program that each of them is there for. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "common-utils": "curl",
  git: "git",
  "git-lfs": "git-lfs",
  "github-cli": "gh",
  go: "go",
  node: "node",
  python: "python3",
};

/** By which program a feature is known to be there, or why it is refused. */
export function featureOf(id: string): { feature: string; program: string } | { reason: string } {
  const plain = id.startsWith(OFFICIAL) ? id.slice(OFFICIAL.length).replace(/[:@].*$/, "") : undefined;
  if (plain === "docker-in-docker" || plain === "docker-outside-of-docker") {
    return { reason: "a workspace that runs Docker is made with 'ws start --docker', where the worker allows it" };
  }
  const program = plain !== undefined && Object.hasOwn(PROGRAMS, plain) ? PROGRAMS[plain] : undefined;
  if (program !== undefined && plain !== undefined) return { feature: plain, program };
  return { reason: `'${excerpt(id)}' would be installed as root from elsewhere; have it in the image` };
}
