import { randomBytes } from "node:crypto";
import { type Call, notFound, paged, Refusal, type Routes } from "../replies.ts";
import { appShape, installationShape, selfShape } from "../shapes/accounts.ts";
import { type App, type Installation, printed } from "../state.ts";

const TOKEN_MS = 3_600_000;

export const appRoutes: Routes = {
  "GET /user": (call) => {
    if (call.caller?.kind !== "user") throw new Refusal(403, "Resource not accessible by integration");
    return { status: 200, body: selfShape(call, call.caller.account, "2026-01-01T00:00:00Z") };
  },

  "GET /app": (call) => ({ status: 200, body: appShape(call, appOf(call)) }),

  "GET /app/installations": (call) => {
    const app = appOf(call);
    const own = call.state.installations.filter((one) => one.app === app);
    return paged(call, "/app/installations", own, (page) => page.map((one) => installationShape(call, one)));
  },

  "GET /app/installations/{installation_id}": (call) => ({
    status: 200,
    body: installationShape(call, installationOf(call)),
  }),

  "GET /repos/{owner}/{repo}/installation": (call) => {
    const app = appOf(call);
    const found = call.state.installations.find(
      ({ account, selected, app: of }) =>
        of === app &&
        account.login.toLowerCase() === call.params["owner"]?.toLowerCase() &&
        (selected?.includes(call.params["repo"] ?? "") ?? true),
    );
    if (found === undefined) throw notFound();
    return { status: 200, body: installationShape(call, found) };
  },

  "POST /app/installations/{installation_id}/access_tokens": (call) => {
    const installation = installationOf(call);
    if (installation.suspended === true) throw new Refusal(403, "This installation has been suspended");
    const { state } = call;
    const repositories = chosen(call, installation);
    const permissions = permitted(call, installation.app);
    const token = `ghs_${randomBytes(18).toString("hex")}`;
    const expiresAt = Date.now() + TOKEN_MS;
    const caller = { kind: "installation" as const, installation, permissions };
    state.tokens.set(token, { caller: repositories === undefined ? caller : { ...caller, repositories }, expiresAt });
    return {
      status: 201,
      body: {
        token,
        expires_at: printed(expiresAt),
        permissions,
        repository_selection: repositories === undefined ? "all" : "selected",
      },
    };
  },

  "DELETE /installation/token": (call) => {
    if (call.caller?.kind !== "installation" || call.token === undefined) {
      throw new Refusal(403, "You must authenticate with an installation access token");
    }
    call.state.tokens.delete(call.token);
    return { status: 204 };
  },
};

function appOf(call: Call): App {
  const found = call.state.apps.find(({ id }) => id === call.appId);
  if (found === undefined) throw new Refusal(401, "A JSON web token could not be decoded");
  return found;
}

function installationOf(call: Call): Installation {
  const app = appOf(call);
  const id = Number(call.params["installation_id"]);
  const found = call.state.installations.find((one) => one.id === id && one.app === app);
  if (found === undefined) throw notFound();
  return found;
}

/** The repositories that a token is asked for, where not for all. */
function chosen(call: Call, { account, selected }: Installation): number[] | undefined {
  const own = call.state.repositories.filter(
    ({ owner, name }) => owner.id === account.id && (selected?.includes(name) ?? true),
  );
  const { repositories: names, repository_ids: ids } = call.body;
  const asked: unknown[] = [...(Array.isArray(names) ? names : []), ...(Array.isArray(ids) ? ids : [])];
  if (asked.length === 0) return undefined;
  return asked.map((one) => {
    const found = own.find(({ id, name }) => id === one || name === one);
    if (found !== undefined) return found.id;
    throw new Refusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  });
}

const LEVELS = ["read", "write", "admin"];

function permitted(call: Call, app: App): Record<string, string> {
  const asked = call.body["permissions"] as Record<string, string> | undefined;
  for (const [name, level] of Object.entries(asked ?? {})) {
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(app.permissions[name] ?? "")) continue;
    throw new Refusal(422, "The permissions requested are not granted to this installation.");
  }
  return asked ?? app.permissions;
}
