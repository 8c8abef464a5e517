import type { AppAuthentication } from "./app-authentication.ts";

/** An installation as the forge lists it. */
export interface Listed {
  id: number | bigint;
  permissions?: Record<string, string>;
  suspended_at?: string | null;
  /** Of an enterprise its slug. */
  account?: { login?: string; slug?: string } | null;
  repository_selection?: string;
}

export interface ListedRepository {
  id: number | bigint;
  name: string;
  full_name: string;
  description?: string | null;
  private?: boolean;
  default_branch?: string;
  pushed_at?: string | null;
  updated_at?: string | null;
}

const PER_PAGE = 100;

/** Where an app is installed, also where that is suspended. */
export function listedInstallations(app: AppAuthentication, signal: AbortSignal): AsyncGenerator<Listed> {
  return pages<Listed>(async (page) => {
    const options = { per_page: PER_PAGE, page, request: { signal } };
    return (await app.asApp("GET /app/installations", options)).data;
  });
}

/** Every repository of every installation that is not suspended, asked for with a token for each that reads names and no more. */
export async function* installedRepositories(
  app: AppAuthentication,
  signal: AbortSignal,
): AsyncGenerator<{ installation: Listed; repository: ListedRepository }> {
  for await (const installation of listedInstallations(app, signal)) {
    if (typeof installation.suspended_at === "string") continue;
    const { data } = await app.asApp("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: Number(installation.id),
      permissions: { metadata: "read" },
      request: { signal },
    });
    const headers = { authorization: `token ${data.token}` };
    try {
      for await (const repository of pages<ListedRepository>(async (page) => {
        const options = { per_page: PER_PAGE, page, headers, request: { signal } };
        return (await app.plain("GET /installation/repositories", options)).data.repositories;
      })) {
        yield { installation, repository };
      }
    } finally {
      // It reads metadata only and ends by itself: that it could not be ended earlier is not worth failing for.
      await app.plain("DELETE /installation/token", { headers, request: { signal } }).catch(() => undefined);
    }
  }
}

async function* pages<T>(ask: (page: number) => Promise<readonly T[]>): AsyncGenerator<T> {
  for (let page = 1; ; page += 1) {
    const items = await ask(page);
    yield* items;
    if (items.length < PER_PAGE) return;
  }
}
