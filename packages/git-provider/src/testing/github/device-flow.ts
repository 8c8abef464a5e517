import { randomBytes } from "node:crypto";
import type { Reply } from "./replies.ts";
import type { Account, State } from "./state.ts";

export interface DeviceFlow {
  /** Answers `/login/device/code` and `/login/oauth/access_token`; undefined for anything else. */
  answer(path: string, form: URLSearchParams, site: string): Reply | undefined;
  /** What the person does at the page that the code is typed into. */
  decide(userCode: string, by: Account | "denied" | "expired"): void;
}

interface Asked {
  clientId: string;
  userCode: string;
  verdict?: Account | "denied" | "expired";
}

/** Signing in with a code, as programs without a browser do. */
export function createDeviceFlow(state: State, clientIds: () => readonly string[]): DeviceFlow {
  const asked = new Map<string, Asked>();

  function code(clientId: string, site: string): Reply {
    if (!clientIds().includes(clientId)) return { status: 404, body: { error: "Not Found" } };
    const deviceCode = randomBytes(20).toString("hex");
    const letters = randomBytes(8).toString("hex").toUpperCase();
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4, 8)}`;
    asked.set(deviceCode, { clientId, userCode });
    const page = { verification_uri: `${site}/login/device`, expires_in: 900, interval: 1 };
    return { status: 200, body: { device_code: deviceCode, user_code: userCode, ...page } };
  }

  function token(form: URLSearchParams): Reply {
    const found = asked.get(form.get("device_code") ?? "");
    // The real one answers 200 to its refusals too.
    const refuse = (error: string): Reply => ({ status: 200, body: { error, error_description: error } });
    if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:device_code") {
      return refuse("unsupported_grant_type");
    }
    if (found === undefined || found.clientId !== form.get("client_id")) return refuse("incorrect_device_code");
    if (found.verdict === undefined) return refuse("authorization_pending");
    if (found.verdict === "denied") return refuse("access_denied");
    if (found.verdict === "expired") return refuse("expired_token");
    const access_token = `gho_${randomBytes(18).toString("hex")}`;
    state.tokens.set(access_token, { caller: { kind: "user", account: found.verdict } });
    asked.delete(form.get("device_code") ?? "");
    return { status: 200, body: { access_token, token_type: "bearer", scope: "repo" } };
  }

  return {
    answer(path, form, site) {
      if (path === "/login/device/code") return code(form.get("client_id") ?? "", site);
      if (path === "/login/oauth/access_token") return token(form);
      return undefined;
    },
    decide(userCode, by) {
      const found = [...asked.values()].find((one) => one.userCode === userCode);
      if (found === undefined) throw new Error(`No device shows the code ${userCode}.`);
      found.verdict = by;
    },
  };
}
