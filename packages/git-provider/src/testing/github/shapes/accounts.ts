import type { components } from "@octokit/openapi-types";
import type { Call } from "../replies.ts";
import type { Account, App, Installation, Team } from "../state.ts";

type Schemas = components["schemas"];
type At = Pick<Call, "api" | "site">;

export function accountShape({ api, site }: At, { id, login, type }: Account): Schemas["simple-user"] {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId("U", id),
    avatar_url: `${site}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${site}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function selfShape(at: At, account: Account, at1: string): Schemas["private-user"] {
  return {
    ...accountShape(at, account),
    bio: null,
    blog: null,
    company: null,
    email: null,
    followers: 0,
    following: 0,
    hireable: null,
    location: null,
    name: account.login,
    public_gists: 0,
    public_repos: 0,
    created_at: at1,
    updated_at: at1,
    collaborators: 0,
    disk_usage: 0,
    owned_private_repos: 0,
    private_gists: 0,
    total_private_repos: 0,
    two_factor_authentication: true,
    user_view_type: "private",
  };
}

export function teamShape({ api, site }: At, { id, organization, slug }: Team): Schemas["team"] {
  const url = `${api}/organizations/${organization}/team/${id}`;
  return {
    id,
    node_id: nodeId("T", id),
    url,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    html_url: `${site}/orgs/${organization}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    permission: "push",
    type: "organization",
    parent: null,
  };
}

export function appShape(at: At, app: App): NonNullable<Schemas["integration"]> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    client_id: app.clientId,
    owner: accountShape(at, app.owner),
    name: app.slug,
    description: null,
    external_url: "https://example.test",
    html_url: `${at.site}/apps/${app.slug}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: app.permissions,
    events: [],
  };
}

export function installationShape(at: At, installation: Installation): Schemas["installation"] {
  const { id, app, account, selected, suspended } = installation;
  const url = `${at.api}/app/installations/${id}`;
  return {
    id,
    account: accountShape(at, account),
    app_id: app.id,
    app_slug: app.slug,
    client_id: app.clientId,
    target_id: account.id,
    target_type: account.type,
    repository_selection: selected === undefined ? "all" : "selected",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${at.api}/installation/repositories`,
    html_url: `${at.site}/settings/installations/${id}`,
    permissions: app.permissions,
    events: [],
    single_file_name: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    suspended_at: suspended === true ? "2026-01-02T00:00:00Z" : null,
    suspended_by: suspended === true ? accountShape(at, account) : null,
  };
}

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}_${id}`).toString("base64url");
}
