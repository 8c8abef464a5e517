import type { WireCode, WireErrorData } from "@ws/rpc-contract";
import type { ErrorCode, WsError } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";

/** The one table from what went wrong to what the wire calls it. */
export const WIRE_CODES: Readonly<Record<ErrorCode, WireCode>> = {
  invalid_name: "BAD_REQUEST",
  invalid_input: "BAD_REQUEST",
  invalid_clone_url: "BAD_REQUEST",
  workspace_not_found: "NOT_FOUND",
  name_taken: "CONFLICT",
  repository_mismatch: "CONFLICT",
  workspace_mismatch: "CONFLICT",
  limits_unsupported: "BAD_REQUEST",
  idempotency_mismatch: "CONFLICT",
  terminal_not_found: "NOT_FOUND",
  token_not_found: "NOT_FOUND",
  file_not_found: "NOT_FOUND",
  not_a_directory: "BAD_REQUEST",
  permission_denied: "FORBIDDEN",
  path_traversal: "FORBIDDEN",
  is_a_directory: "BAD_REQUEST",
  not_a_regular_file: "BAD_REQUEST",
  file_exists: "CONFLICT",
  directory_not_empty: "CONFLICT",
  file_changed: "CONFLICT",
  file_too_large: "BAD_REQUEST",
  binary_file: "BAD_REQUEST",
  string_not_found: "BAD_REQUEST",
  multiple_matches: "CONFLICT",
  identical_strings: "BAD_REQUEST",
  patch_check_failed: "CONFLICT",
  path_not_allowed: "FORBIDDEN",
  read_only: "FORBIDDEN",
  branch_not_allowed: "FORBIDDEN",
  commit_disabled: "FORBIDDEN",
  push_disabled: "FORBIDDEN",
  workspace_not_running: "PRECONDITION_FAILED",
  illegal_transition: "CONFLICT",
  interrupted: "PRECONDITION_FAILED",
  engine_unreachable: "PRECONDITION_FAILED",
  engine_lost: "PRECONDITION_FAILED",
  engine_restarted: "PRECONDITION_FAILED",
  runtime_unavailable: "PRECONDITION_FAILED",
  image_build_failed: "PRECONDITION_FAILED",
  image_not_found: "PRECONDITION_FAILED",
  disk_full: "PRECONDITION_FAILED",
  box_unavailable: "PRECONDITION_FAILED",
  box_closed: "PRECONDITION_FAILED",
  box_feature_missing: "PRECONDITION_FAILED",
  authentication_failed: "PRECONDITION_FAILED",
  repository_not_found: "PRECONDITION_FAILED",
  repository_unreachable: "PRECONDITION_FAILED",
  host_key_unknown: "PRECONDITION_FAILED",
  host_key_changed: "PRECONDITION_FAILED",
  branch_not_found: "PRECONDITION_FAILED",
  clone_failed: "PRECONDITION_FAILED",
  push_failed: "PRECONDITION_FAILED",
  push_refused: "FORBIDDEN",
  commit_failed: "PRECONDITION_FAILED",
  identity_missing: "PRECONDITION_FAILED",
  uncommitted_work: "PRECONDITION_FAILED",
  unpushed_work: "PRECONDITION_FAILED",
  credential_not_found: "NOT_FOUND",
  credential_missing: "PRECONDITION_FAILED",
  credential_invalid: "PRECONDITION_FAILED",
  credential_rejected: "PRECONDITION_FAILED",
  credential_expired: "PRECONDITION_FAILED",
  forge_unknown: "PRECONDITION_FAILED",
  forge_unreachable: "PRECONDITION_FAILED",
  forge_rate_limited: "TOO_MANY_REQUESTS",
  forge_refused: "PRECONDITION_FAILED",
  pull_request_not_found: "NOT_FOUND",
  pull_request_refused: "PRECONDITION_FAILED",
  reference_invalid: "BAD_REQUEST",
  reference_not_found: "NOT_FOUND",
  provider_not_found: "NOT_FOUND",
  provider_failed: "PRECONDITION_FAILED",
  no_version_control: "PRECONDITION_FAILED",
  project_not_found: "NOT_FOUND",
  project_exists: "CONFLICT",
  change_not_found: "NOT_FOUND",
  lease_not_found: "NOT_FOUND",
  lease_unavailable: "PRECONDITION_FAILED",
  lease_failed: "PRECONDITION_FAILED",
  submit_failed: "PRECONDITION_FAILED",
  execution_not_found: "NOT_FOUND",
  command_not_found: "BAD_REQUEST",
  connection_refused: "PRECONDITION_FAILED",
  connection_closed: "PRECONDITION_FAILED",
  script_failed: "PRECONDITION_FAILED",
  timeout: "TIMEOUT",
  aborted: "CONFLICT",
  port_taken: "PRECONDITION_FAILED",
  state_locked: "PRECONDITION_FAILED",
  state_newer: "PRECONDITION_FAILED",
  state_corrupt: "INTERNAL_SERVER_ERROR",
  config_invalid: "PRECONDITION_FAILED",
  unsafe_listen: "PRECONDITION_FAILED",
  unauthorized: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  too_many_requests: "TOO_MANY_REQUESTS",
  internal: "INTERNAL_SERVER_ERROR",
};

export interface WireError {
  code: WireCode;
  message: string;
  data: WireErrorData;
}

/** What a client may see of a domain error; of an internal one, only the number under which the log has it. */
export function toWireError(
  error: WsError,
  incident: string,
  redactor: Pick<Redactor, "clean" | "cleanLeaves">,
): WireError {
  const { clean, cleanLeaves } = redactor;
  const code = WIRE_CODES[error.code];
  if (error.code === "internal") {
    return {
      code,
      message: "The agent met an unexpected failure.",
      data: {
        code: "internal",
        next: `Look for ${incident} in agent.log, beside the worker's config.json.`,
        details: { incident },
      },
    };
  }
  return {
    code,
    message: clean(error.message),
    data: {
      code: error.code,
      ...(error.next === undefined ? {} : { next: clean(error.next) }),
      details: cleanLeaves({ ...error.data }),
    },
  };
}
