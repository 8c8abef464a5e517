import { abortedError, excerpt, isWsError, WsError } from "@ws/workspace-core";
import { askForToken, postForm, type OAuthAnswer, type OAuthOptions, type OAuthToken } from "./oauth.ts";

/** What a person has to do: open the address and type the code there. */
export interface DeviceCode {
  userCode: string;
  verificationUri: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export interface DeviceLogin extends DeviceCode {
  /** Resolves once the person has agreed. Throws `credential_rejected` where they refused, `credential_expired` where the code ran out, `aborted`. */
  finish(signal?: AbortSignal): Promise<OAuthToken>;
}

const SLOWER_SECONDS = 5;

/**
 * Begins a login for which a person opens a page on any device. It is written here rather than taken from
 * `@octokit/auth-oauth-device`, whose waiting neither ends with a signal nor goes by a given clock.
 */
export async function beginDeviceLogin(
  options: OAuthOptions & { scopes?: readonly string[] },
  signal?: AbortSignal,
): Promise<DeviceLogin> {
  const { clientId, host, clock, scopes = [] } = options;
  if (clientId === "") {
    throw new WsError("credential_invalid", {
      message: `There is no client id for a login to ${host}.`,
      next: "Set the client id of an OAuth app or of a GitHub App with device flow: ws config set github.clientId ID. A token works as well: ws credential set.",
      data: { credential: "github.clientId" },
    });
  }
  const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
  const answer = await postForm(options, "/login/device/code", { client_id: clientId, ...scope }, signal);
  const { device_code: code, user_code: userCode, verification_uri: uri, expires_in: lasts, interval } = answer;
  if (typeof code !== "string" || typeof userCode !== "string" || typeof uri !== "string") {
    const said = [answer["error_description"], answer["error"]].find((text) => typeof text === "string");
    throw rejected(
      `${host} begins no login for this client id: ${excerpt(said ?? "no code in its answer")}.`,
      "Check github.clientId, and that the app has device flow enabled.",
    );
  }
  const expiresAt = clock.now() + (typeof lasts === "number" ? lasts : 900) * 1_000;

  async function finish(ending?: AbortSignal): Promise<OAuthToken> {
    let seconds = typeof interval === "number" && interval > 0 ? interval : SLOWER_SECONDS;
    const parameters = { device_code: code as string, grant_type: "urn:ietf:params:oauth:grant-type:device_code" };
    for (;;) {
      await clock.sleep(seconds * 1_000, ending).catch((reason: unknown) => {
        throw abortedError(reason);
      });
      if (clock.now() >= expiresAt) throw ranOut(host);
      const said = await askForToken(options, parameters, ending).catch(stillWaiting);
      if ("token" in said) return said.token;
      if (said.error === "slow_down") seconds = Math.max(said.interval ?? 0, seconds + SLOWER_SECONDS);
      else if (said.error === "expired_token") throw ranOut(host);
      else if (said.error === "access_denied") {
        throw rejected(
          `The login to ${host} was refused there.`,
          "Begin again if that was a mistake: ws login github.",
        );
      } else if (said.error !== "authorization_pending") {
        throw rejected(`${host} refused the login: ${said.description}.`, "Begin again: ws login github.");
      }
    }
  }

  return { userCode, verificationUri: uri, expiresAt, finish };
}

/** A forge that is away for a moment knows of the code all the same. */
function stillWaiting(error: unknown): OAuthAnswer {
  const isAway =
    isWsError(error, "forge_unreachable") || (isWsError(error, "forge_refused") && error.data.status >= 500);
  if (isAway) return { error: "authorization_pending", description: error.message };
  throw error;
}

function ranOut(host: string): WsError {
  return new WsError("credential_expired", {
    message: `The code for the login to ${host} has expired.`,
    next: "Begin again: ws login github.",
    data: { credential: "login" },
  });
}

function rejected(message: string, next: string): WsError {
  return new WsError("credential_rejected", { message, next, data: { credential: "login" } });
}
