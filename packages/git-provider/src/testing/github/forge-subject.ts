import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { TokenSecret, Log } from "@ws/workspace-core";
import { createManualClock, type ForgeSubject } from "@ws/workspace-core/testing";
import { createHttpsFetch } from "../../forges/github/https-fetch.ts";
import { pushCommit } from "./push-commit.ts";
import { type GitHubServer, startGitHubServer } from "./server.ts";
import { trust } from "../../broker/forge/upstream.ts";
import { createGitHubForge, type GitHubForgeOptions } from "../../forges/github.ts";

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A forge for a test server, quick about repetitions. */
export function forgeAt({ url, ca }: GitHubServer, options: Partial<GitHubForgeOptions> = {}) {
  const clock = createManualClock();
  return {
    clock,
    forge: createGitHubForge({ url, ca: [ca], clock, log: silent, spaced: false, retryMs: 1, ...options }),
  };
}

export function secretOf(server: GitHubServer, password: string, rest: Partial<TokenSecret> = {}): TokenSecret {
  const host = new URL(server.url).host;
  return { id: "stored", type: "pat", provider: "github", host, username: "x-access-token", password, ...rest };
}

/** The real adapter before a server of its own. */
export async function gitHubSubject(as: "person" | "app"): Promise<ForgeSubject> {
  const server = await startGitHubServer();
  const { forge, clock } = forgeAt(server);
  const person = "octo-worker";
  const { token, login } =
    as === "person" ? { token: server.token(person), login: person } : await installed(server, "octo-org");
  const secret = secretOf(server, token, { type: as === "person" ? "pat" : "github_app" });
  let made = 0;
  let checks = 0;

  return {
    forge,
    clock,
    login,
    secret: async () => secret,
    async repository({ fullName = `octo-org/repository-${++made}`, people = [], ...needs } = {}) {
      const repository = await server.repository(fullName, { ...needs, collaborators: [person, ...people] });
      return {
        fullName,
        url: repository.url,
        branch: repository.branch,
        openFromFork: async (branch) => repository.openFromFork(branch),
        async push(branch, { conflicts = false } = {}) {
          await repository.push(branch, conflicts ? { path: "README.md", content: "Theirs.\n" } : {});
          const ours = { branch: "main", base: "main", path: "README.md", content: "Ours.\n" };
          if (conflicts) await pushCommit(repository.path ?? "", ours);
        },
        async say(number, { author, body, verdict, path, line }) {
          const state = {
            approved: "APPROVED",
            changes_requested: "CHANGES_REQUESTED",
            commented: "COMMENTED",
          } as const;
          const place = { ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) };
          if (verdict === undefined) repository.comment(number, { author, body, ...place });
          else repository.review(number, { author, body, state: state[verdict] });
        },
        check(branch, check) {
          // Half of them are of the older kind, which knows no neutral state.
          const kind = ++checks % 2 === 0 || check.state === "neutral" ? "run" : "status";
          return repository.check(branch, { ...check, kind });
        },
        pullRequests: async () =>
          repository.pulls
            .filter(({ fork }) => fork === undefined)
            .map(({ people, teams, ...pull }) => ({
              ...pull,
              people: people.map(({ login }) => login),
              teams: teams.map(({ slug }) => slug),
            })),
      };
    },
    fault(fault) {
      if (fault.kind === "refused") server.fault({ kind: "unauthorized" });
      else if (fault.kind === "silent") server.fault({ kind: "silent" });
      else if (fault.kind === "unavailable") server.fault({ kind: "failure", status: 502, times: fault.times });
      else if (fault.kind === "lost_answer") {
        server.fault({
          kind: "lost",
          by: fault.gone === true ? "cut" : "502",
          ...(fault.gone === true && { failures: 3 }),
        });
      } else if (fault.forMs < 60_000) {
        server.fault({ kind: "secondary_limit", status: 429, seconds: fault.forMs / 1_000 });
      } else server.fault({ kind: "limit", forMs: fault.forMs });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Registers an app and installs it: its installation's token, and whom it acts as. */
export async function installed(server: GitHubServer, account: string): Promise<{ token: string; login: string }> {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const permissions = { contents: "write", pull_requests: "write", metadata: "read", checks: "read", statuses: "read" };
  const app = server.app({ publicKey: keys.publicKey.export({ type: "spki", format: "pem" }), permissions });
  const installation = server.install(app.id, account);
  const now = Math.floor(Date.now() / 1_000);
  const jwt = signedToken(keys.privateKey, { iss: app.id, iat: now - 30, exp: now + 300 });
  const fetch = createHttpsFetch({ secureContext: () => trust([server.ca]), idleMs: 30_000 });
  const answer = await fetch(`${server.apiUrl}/app/installations/${installation}/access_tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${jwt}` },
  });
  const { token } = (await answer.json()) as { token: string };
  return { token, login: `${app.slug}[bot]` };
}

export function signedToken(key: KeyObject, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}
