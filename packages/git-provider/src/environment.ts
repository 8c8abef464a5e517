/** What git may do without a person: no prompt, no other transport, no large files, no foreign language in its errors. */
export function gitEnvironment(options: {
  env?: Readonly<Record<string, string>>;
  /** Whether https leaves this Box through the worker, which git then reaches over http. */
  forwarded: boolean;
}): Record<string, string> {
  return {
    ...options.env,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: options.forwarded ? "https:http:ssh" : "https:ssh",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oStrictHostKeyChecking=accept-new",
    GIT_LFS_SKIP_SMUDGE: "1",
  };
}
