import { toWsError, WsError, type ErrorCode } from "@ws/workspace-core";

/** What goes wrong, for a program: the same error, with a next step that does not need a command line. */
export function toCaller(thrown: unknown): WsError {
  const error = toWsError(thrown);
  const next = nextFor(error);
  if (next === error.next) return error;
  return new WsError(error.code, {
    message: error.message,
    ...(next === undefined ? {} : { next }),
    data: error.data,
    cause: error.cause ?? error,
  });
}

/** A step that names the `ws` of a worker is said in the library's words, or left out where it has none. */
export function nextFor({ code, next }: { code: string; next?: string | undefined }): string | undefined {
  return next !== undefined && COMMAND.test(next) ? STEPS[code as ErrorCode] : next;
}

const COMMAND = /(?:^|[\s'`(])ws [a-z]/;

const GIVE = "Give a credential: `credentials` of the workspace, a CredentialService, or `githubApp`.";
const GIVE_ANOTHER = "Give another credential, or leave it out where the repository is public.";
const FREE = "Free some space: `cleanup` removes what is not needed any more.";

const STEPS: Partial<Record<ErrorCode, string>> = {
  workspace_not_found: "list tells which there are.",
  workspace_not_running: "`get` says why in its `error`; provision it again where it failed.",
  execution_not_found: "list tells which workspaces there are, and of which execution.",
  repository_mismatch: "Clean up the other workspace first, or provision a new one.",
  workspace_mismatch: "Clean up the other workspace first, or provision a new one.",
  name_taken: "Clean up the other workspace first.",
  invalid_clone_url: "Leave it out of the URL, and give it with `credentials`.",
  repository_not_found: `Check the URL. For a private repository: ${GIVE}`,
  repository_unreachable: "Check the URL and the network; the certificate of who signed the server's goes into `ca`.",
  authentication_failed: GIVE,
  credential_missing: GIVE,
  credential_not_found: GIVE,
  credential_invalid: GIVE_ANOTHER,
  credential_rejected: GIVE_ANOTHER,
  credential_expired: GIVE_ANOTHER,
  identity_missing: "Say it once: `identity` of the configuration.",
  uncommitted_work: "Commit it there, or say what becomes of it: `uncommitted`.",
  unpushed_work: "Push it with `finalize`, or destroy it with `force`.",
  push_refused: "Push the workspace's own branch; only `force` rewrites what is there.",
  pull_request_refused: "Push the workspace's own branch, with a credential that may write.",
  forge_unknown:
    "Push the branch and open the pull request by hand; an Enterprise server is named in `github`, another forge given in `forges`.",
  forge_unreachable: "Try again in a while; the certificate of a private authority goes into `ca`.",
  forge_refused: GIVE_ANOTHER,
  disk_full: FREE,
  script_failed: "`error` of the workspace says what it wrote; mend it, and provision again.",
  interrupted: "Provision it again.",
  engine_restarted: "Provision it again.",
};
