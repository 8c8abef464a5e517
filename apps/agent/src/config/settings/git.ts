import { z } from "zod";
import { define } from "./definition.ts";

export const GIT = {
  "git.ca": define({
    schema: z.array(z.string().min(1)),
    default: [],
    description: "PEM files of certificate authorities that git servers may have, beside the machine's own.",
    env: ["WS_GIT_CA", "GIT_SSL_CAINFO"],
    restart: true,
  }),
  "git.allowPrivateAddresses": define({
    schema: z.boolean(),
    default: false,
    description: "Whether git in a workspace may reach servers at private addresses other than its own repository's.",
    env: ["WS_GIT_ALLOW_PRIVATE"],
    restart: true,
  }),
  "git.knownHosts": define({
    schema: z.string(),
    default: "~/.ssh/known_hosts",
    description:
      "The file with the keys of SSH servers that git may be led to; a key that was given with a credential, `ws credential set NAME --host-key KEY`, goes before it.",
    env: ["WS_GIT_KNOWN_HOSTS"],
    restart: false,
  }),
  "git.branchPrefix": define({
    schema: z.string().min(1),
    default: "parallax",
    description: "What the branches of workspaces begin with: PREFIX/EXECUTION/ROLE/SLUG.",
    env: ["WS_GIT_BRANCH_PREFIX"],
    restart: true,
  }),
  "git.roots": define({
    schema: z.array(z.string().regex(/^(?:\/|~)/, "must be an absolute path")),
    default: [],
    description:
      "Directories on the worker whose bare repositories `#git:PATH` may use; those that `#git:NAME` makes lie beside config.json.",
    env: ["WS_GIT_ROOTS"],
    restart: false,
  }),
  "git.name": define({
    schema: z.string(),
    default: "",
    description:
      "Author and committer name in workspaces; that of the GitHub App where a workspace uses it, else that of the git configuration of the worker's user, where empty. What `git config` says in a workspace counts for more.",
    env: ["WS_GIT_NAME"],
    restart: false,
  }),
  "git.email": define({
    schema: z.string(),
    default: "",
    description:
      "Author and committer address in workspaces; that of the GitHub App where a workspace uses it, else that of the git configuration of the worker's user, where empty.",
    env: ["WS_GIT_EMAIL"],
    restart: false,
  }),
} as const;
