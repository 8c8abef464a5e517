import type { CredentialSource, GitSecret, Grant, SshKeySecret } from "@ws/workspace-core";

export interface Granting extends CredentialSource {
  /** The password that is given now. */
  password: string;
  /** What was told to be refused, in order. */
  readonly refused: string[];
  /** Adds a live grant. */
  give(grant: Partial<Grant> & Pick<Grant, "url">): Grant;
}

/** Grants that a test gives, all with one secret; what the real source does about forges is its own. */
export function createGranting(options: {
  user: string;
  password: string;
  renew?: (refused: string) => string;
  /** What grants with a key give. */
  key?: Pick<SshKeySecret, "privateKey" | "hostKeys">;
}): Granting {
  const grants: Grant[] = [];
  const isLive = (grant: Grant): boolean => grant.revokedAt === undefined && grant.expiresAt > Date.now();
  const source: Granting = {
    password: options.password,
    refused: [],
    give(grant) {
      const given: Grant = {
        id: `grant-${grants.length}`,
        workspace: "ws-standin",
        access: "write",
        branches: [],
        force: false,
        tags: false,
        workflows: false,
        credential: { id: "work", type: "pat", provider: "github", host: "127.0.0.1" },
        createdAt: Date.now(),
        expiresAt: Date.now() + 3_600_000,
        ...grant,
      };
      grants.push(given);
      return given;
    },
    grant: async () => undefined,
    find: (workspace, url) =>
      grants.find((each) => each.workspace === workspace && plain(each.url) === plain(url) && isLive(each)),
    async secret({ credential }, { refused, purpose } = {}): Promise<GitSecret> {
      if (credential.type === "ssh_key" && purpose !== "api")
        return { ...credential, privateKey: "", hostKeys: [], ...options.key };
      if (refused !== undefined) {
        source.refused.push(refused);
        if (refused === source.password) source.password = options.renew?.(refused) ?? refused;
      }
      return { ...credential, username: options.user, password: source.password };
    },
    async revoke(workspace) {
      const ended = grants.filter((each) => each.workspace === workspace && isLive(each));
      for (const grant of ended) grant.revokedAt = Date.now();
      return ended;
    },
    async withhold(ending) {
      for (const grant of grants)
        if (ending.some(({ id }) => id === grant.id)) Object.assign(grant, { revokedAt: Date.now(), withheld: true });
    },
    list: ({ workspace, ended } = {}) =>
      grants.filter(
        (each) => (workspace === undefined || each.workspace === workspace) && (ended === true || isLive(each)),
      ),
  };
  return source;
}

function plain(url: string): string {
  return url.replace(/\.git$/, "");
}
