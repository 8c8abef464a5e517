export const INIT = { type: "system", subtype: "init", session_id: "7f1c", model: "m" };
export const said = (text: string) => ({
  type: "assistant",
  message: { model: "m", content: [{ type: "text", text }] },
});
export const synthetic = (text: string, error: string) => ({
  type: "assistant",
  message: { model: "<synthetic>", content: [{ type: "text", text }] },
  error,
});
export const result = (more: object) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  session_id: "7f1c",
  ...more,
});
export const rejected = (resetsAt?: unknown) => ({
  type: "rate_limit_event",
  rate_limit_info: { status: "rejected", rateLimitType: "five_hour", ...(resetsAt === undefined ? {} : { resetsAt }) },
});
export const HIT = "You've hit your session limit · resets 9:30pm (Asia/Saigon)";
export const hit = [synthetic(HIT, "rate_limit"), result({ is_error: true, api_error_status: 429, result: HIT })];

export const retry = (status: number, error: string) => ({
  type: "system",
  subtype: "api_retry",
  attempt: 1,
  max_retries: 10,
  error_status: status,
  error,
});
export const REFUSED = retry(401, "authentication_failed");
export const OVERLOADED = retry(529, "overloaded");

export const LIMIT = "You've hit your usage limit. Upgrade, or try again at Aug 8th, 2026 3:27 PM.";
export const NO_BEARER =
  "unexpected status 401 Unauthorized: Missing bearer or basic authentication in header, url: wss://x";
