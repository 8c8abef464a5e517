/** Every stable error code of the domain, with the data that goes with it. */
export interface ErrorData {
  // what was asked for
  invalid_name: { name: string };
  invalid_input: { field: string };
  invalid_clone_url: { url: string };
  workspace_not_found: { name: string };
  name_taken: { name: string };
  repository_mismatch: { name: string; existing: string; asked: string };
  workspace_mismatch: { name: string; existing: string; asked: string };
  limits_unsupported: { runtime: string; limits: readonly string[] };
  /** What a repository's devcontainer.json asks for first that it is not given; line 0 where there is no such file. */
  devcontainer_refused: { file: string; line: number; property: string };
  idempotency_mismatch: { key: string };
  terminal_not_found: { terminal: string };
  task_not_found: { task: string };
  run_not_found: { run: string };
  token_not_found: { token: string };
  device_not_found: { device: string };
  preview_unavailable: { name?: string; port?: number };
  file_not_found: { path: string };
  not_a_directory: { path: string };
  permission_denied: { path: string };
  path_traversal: { path: string };
  is_a_directory: { path: string };
  not_a_regular_file: { path: string };
  file_exists: { path: string };
  directory_not_empty: { path: string };
  file_changed: { path: string };
  file_too_large: { path: string; size: number; limit: number };
  binary_file: { path: string; size: number };
  string_not_found: { path: string; line?: number; nearest?: string };
  multiple_matches: { path: string; lines: readonly number[]; matches: number };
  identical_strings: { path: string };
  patch_check_failed: { path?: string; line?: number };
  patch_applied_in_part: { because: string };
  // what state forbids
  workspace_not_running: { name: string; status: string };
  illegal_transition: { from: string; to: string };
  interrupted: { step: string };
  // what a policy forbids; `rule` is the key that says so, `setBy` the layer it stands in
  path_not_allowed: { path: string; rule: string; setBy: string };
  read_only: { rule: string; setBy: string };
  branch_not_allowed: { branch: string; allowed: string; rule: string; setBy: string };
  commit_disabled: { rule: string; setBy: string };
  push_disabled: { rule: string; setBy: string };
  command_not_allowed: { command: string; rule: string; setBy: string };
  // what the worker lacks
  engine_unreachable: { runtime: string };
  engine_lost: { runtime: string };
  engine_restarted: { runtime: string };
  runtime_unavailable: { runtime: string };
  nested_docker_unavailable: { reason: string };
  image_build_failed: { image: string };
  image_not_found: { image: string };
  disk_full: { freeBytes?: number };
  box_unavailable: { workspace: string };
  box_closed: { workspace: string };
  box_feature_missing: { feature: string; missing: readonly string[] };
  // what git met
  authentication_failed: { url: string };
  repository_not_found: { url: string };
  repository_unreachable: { url: string };
  /** Nobody has told the worker the key of that host, or it told another one. */
  host_key_unknown: { host: string; fingerprint: string };
  host_key_changed: { host: string; fingerprint: string };
  branch_not_found: { url: string; branch: string };
  clone_failed: { url: string };
  push_failed: { branch: string };
  push_refused: { branch: string };
  commit_failed: { repository: string };
  identity_missing: Record<string, never>;
  uncommitted_work: { name: string; files: number };
  unpushed_work: { name: string; reason: string };
  invalid_ref: { ref: string };
  ref_not_found: { ref: string };
  branch_exists: { branch: string };
  branch_diverged: { branch: string };
  merge_conflict: { files: readonly string[] };
  nothing_to_commit: Record<string, never>;
  no_operation: { operation: string };
  repository_busy: Record<string, never>;
  git_failed: { command: string };
  // what credentials met
  credential_not_found: { credential: string };
  credential_missing: { host: string };
  credential_invalid: { credential: string };
  credential_rejected: { credential: string };
  credential_expired: { credential: string };
  credential_rotates: { credential: string };
  backup_invalid: { file: string };
  passphrase_wrong: Record<string, never>;
  // what forges met
  forge_unknown: { url: string };
  forge_unreachable: { host: string };
  forge_rate_limited: { host: string; retryAt: number };
  forge_refused: { host: string; status: number };
  pull_request_not_found: { number: number };
  pull_request_refused: { branch: string };
  // what references met
  reference_invalid: { reference: string };
  /** `nearest` is what there is that is spelt nearly so. */
  reference_not_found: { reference: string; nearest?: string };
  provider_not_found: { provider: string };
  provider_failed: { provider: string; hook: string };
  no_version_control: { directory: string };
  project_not_found: { project: string };
  project_exists: { project: string };
  change_not_found: { change: string };
  lease_not_found: { lease: string };
  lease_unavailable: { project: string };
  lease_failed: { project: string; stage: string };
  submit_failed: { change: string };
  execution_not_found: { execution: string };
  // what coding tools met; `tool` is the name under which the worker knows it
  tool_unknown: { tool: string };
  tool_missing: { tool: string };
  login_needed: { tool: string };
  session_missing: { task: string };
  /** What is answered is not asked any more. */
  question_over: { task: string };
  /** What another one comes after was not completed. */
  dependency_failed: { task: string };
  /** The tool ended without saying that it had done what it was asked for. */
  no_result: { tool: string };
  // what running code met
  command_not_found: { command: string };
  connection_refused: { port: number };
  connection_closed: Record<string, never>;
  script_failed: { script: string; exitCode: number };
  timeout: { afterMs: number };
  aborted: Record<string, never>;
  // other workers; `lastSeen` is milliseconds since the epoch
  worker_not_found: { worker: string };
  worker_offline: { worker: string; lastSeen?: number };
  worker_conflict: { worker: string };
  // telling browsers; `host` is their push service
  push_service_unknown: { host: string };
  browser_unknown: { host: string };
  notification_refused: { host: string; status?: number };
  // the agent and its surroundings
  port_taken: { port: number };
  state_locked: { pid: number };
  state_newer: { found: number; known: number };
  state_corrupt: { file: string };
  config_invalid: { file: string; line?: number; column?: number };
  unsafe_listen: { host: string };
  unauthorized: { reason?: "missing" | "unknown" | "revoked" | "expired" };
  forbidden: { needs: string };
  /** The same of a wrong code, one that is used or over, and where none is open. */
  pairing_failed: Record<string, never>;
  too_many_requests: { retryAfterSeconds: number };
  internal: Record<string, never>;
}

export type ErrorCode = keyof ErrorData;

export interface ErrorDetails<C extends ErrorCode> {
  /** One sentence: what failed, on what. */
  message: string;
  /** The next step, as a sentence; a command where there is one. */
  next?: string;
  data: ErrorData[C];
  cause?: unknown;
}

/** The one error class of the domain: branch on `code`, never on `message`. */
export class WsError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "WsError";
  readonly code: C;
  readonly next: string | undefined;
  readonly data: ErrorData[C];

  constructor(code: C, details: ErrorDetails<C>) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.next = details.next;
    this.data = details.data;
  }
}

/** Whether a value is a domain error, and, where a code is given, one with that code. */
export function isWsError<C extends ErrorCode = ErrorCode>(value: unknown, code?: C): value is WsError<C> {
  return value instanceof WsError && (code === undefined || value.code === code);
}

/** Whether an engine is what is missing: what failed may be tried again when it is back. */
export function isEngineGone(value: unknown): value is WsError<"engine_unreachable" | "engine_lost"> {
  return isWsError(value, "engine_unreachable") || isWsError(value, "engine_lost");
}

/** What to do after a cancelled operation. */
export const AGAIN = "Ask for it again if it is still wanted.";

/** A domain error unchanged; an abort as `aborted`; anything else as `internal` with the original as cause. */
export function toWsError(value: unknown): WsError {
  if (value instanceof WsError) return value;
  if (value instanceof Error && (value.name === "AbortError" || value.name === "TimeoutError")) {
    return new WsError("aborted", { message: "The operation was cancelled.", next: AGAIN, data: {}, cause: value });
  }
  const message = value instanceof Error ? value.message : String(value);
  return new WsError("internal", { message: `Unexpected failure: ${message}`, data: {}, cause: value });
}
