import { Secret, type CredentialService } from "@ws/credentials";
import {
  toWsError,
  WsError,
  type CredentialSource,
  type Forge,
  type Log,
  type WorkspaceId,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { UserCredentials, WorkspaceConfig } from "./requests.ts";
import type { State } from "./state/state.ts";
import type { UserToken } from "./state/user-token.ts";

interface Widening {
  branches?: readonly string[];
  force?: boolean;
  /** Nothing is pushed: what may be read without a right is read without. */
  reading?: true;
}

/** The rights of workspaces to their repositories, and what users gave for them. */
export interface Rights {
  /** Keeps what a user gave for a workspace that is about to be made. */
  keep(workspace: WorkspaceId, given: UserCredentials | undefined): void;
  forget(workspace: WorkspaceId): void;
  /** Makes sure that it may push, to these branches too; what ended before is given again, because somebody asks for it. */
  ensure(record: WorkspaceRecord, more?: Widening): Promise<void>;
  /** The same until the work is over: then nobody may force anything any more. */
  during<T>(record: WorkspaceRecord, more: Widening, work: () => Promise<T>): Promise<T>;
  /** It may not push to these branches any more. */
  withdraw(record: WorkspaceRecord, branches: readonly string[]): void;
  /** Takes back what was given for a push that is over, whoever made it. */
  settle(workspace: WorkspaceId): void;
  /** What an earlier process knew, as far as this one's credentials allow it. */
  restore(): Promise<void>;
}

export function createRights(options: {
  state: Pick<State, "store" | "tokens">;
  /** Whom it is told to. */
  source: CredentialSource;
  bring: CredentialService["source"]["bring"];
  narrow: CredentialService["source"]["narrow"];
  log: Log;
}): Rights {
  const { state, source, bring, narrow, log } = options;
  /** How many pushes may force something just now. */
  const forcing = new Map<WorkspaceId, number>();

  function bringKept({ workspace, type, token, username }: UserToken): void {
    bring(workspace, { type, token: new Secret(token), ...(username === undefined ? {} : { username }) });
  }

  /** What was a user's own is never another's, who may do more or do it in another name. */
  function bringAgain({ id, name, repository }: WorkspaceRecord): void {
    const kept = state.tokens.get(id);
    if (kept !== undefined) return bringKept(kept);
    const all = source.list({ workspace: id, ended: true }).filter(({ url }) => url === repository?.url);
    const last = all.at(-1);
    if (last?.credential.id !== "user") return;
    throw new WsError("credential_missing", {
      message: `The credential that a user gave for '${name}' is not known any more.`,
      next: "Provision it again with a new one: its work can be pushed from a clone of its directory.",
      data: { host: last.credential.host },
    });
  }

  async function grant(
    record: WorkspaceRecord,
    {
      branches = [],
      force = false,
      reading = false,
    }: { branches?: readonly string[]; force?: boolean; reading?: boolean },
  ): Promise<void> {
    const { id, repository, execution, credentials = "all" } = record;
    if (repository === undefined || credentials === "none") return;
    if (source.find(id, repository.url) === undefined) bringAgain(record);
    await source.grant({
      workspace: id,
      url: repository.url,
      access: "write",
      branches: [...(repository.branch === undefined ? [] : [repository.branch]), ...branches],
      credentials,
      renews: true,
      ...(force ? { force } : {}),
      ...(reading ? { without: () => undefined } : {}),
      ...(execution === undefined ? {} : { execution: execution.id }),
    });
  }

  async function ensure(record: WorkspaceRecord, more: Widening = {}): Promise<void> {
    const { branches = [], force = false, reading = false } = more;
    // What is not ready refuses what it is asked for, and a right would outlive that.
    if (record.phase === "provisioning" || record.phase === "error") return;
    const found = record.repository === undefined ? undefined : source.find(record.id, record.repository.url);
    const wants = [...branches, ...(record.repository?.branch === undefined ? [] : [record.repository.branch])];
    const isEnough = found !== undefined && (reading || found.access === "write") && (found.force || !force);
    if (isEnough && wants.every((name) => found.branches.includes(name))) return;
    await grant(record, more);
  }

  function settle(workspace: WorkspaceId): void {
    if (forcing.has(workspace)) return;
    for (const { id } of source.list({ workspace }).filter(({ force }) => force)) narrow(id, { force: false });
  }

  return {
    keep(workspace, given) {
      if (given === undefined || given.type === "ssh") return;
      const { type, token, username } = given;
      const kept = { workspace, type, token, ...(username === undefined ? {} : { username }) };
      state.tokens.set(workspace, kept);
      bringKept(kept);
    },
    forget: (workspace) => state.tokens.delete(workspace),
    ensure,
    settle,
    async during(record, more, work) {
      const { id } = record;
      const isForced = more.force === true;
      if (isForced) forcing.set(id, (forcing.get(id) ?? 0) + 1);
      try {
        await ensure(record, more);
        return await work();
      } finally {
        const left = (forcing.get(id) ?? 0) - Number(isForced);
        if (left > 0) forcing.set(id, left);
        else forcing.delete(id);
        if (isForced) settle(id);
      }
    },
    withdraw({ id, repository }, branches) {
      const without = branches.filter((name) => name !== repository?.branch);
      for (const right of source.list({ workspace: id })) {
        if (right.url === repository?.url) narrow(right.id, { without });
      }
    },
    async restore() {
      for (const kept of state.tokens.values()) {
        const { phase = "cleaned_up" } = state.store.get(kept.workspace) ?? {};
        if (phase === "cleaned_up") state.tokens.delete(kept.workspace);
        else bringKept(kept);
      }
      for (const record of state.store.list()) {
        // What is gone on with needs it until its own end.
        if (record.finalizing?.force !== true) settle(record.id);
        // What was ended stays ended; where nothing is known at all, the rights were only in another process's memory.
        if (record.operation?.kind === "create" || source.list({ workspace: record.id, ended: true }).length > 0)
          continue;
        await grant(record, { reading: true }).catch((error: unknown) => {
          log.warn("a workspace got no right to its repository", {
            workspace: record.id,
            error: toWsError(error).message,
          });
        });
      }
    },
  };
}

/** What a user gave, under any of its names. Throws `invalid_input` where it is not for this repository. */
export function credentialsOf(
  config: WorkspaceConfig,
  url: string,
  forges: readonly Forge[],
): UserCredentials | undefined {
  const { credentials, userCredentials, user } = config;
  const given: UserCredentials | undefined =
    credentials ??
    userCredentials ??
    (user?.oauthToken === undefined ? undefined : { type: "oauth", token: user.oauthToken });
  if (given === undefined) return undefined;
  if (given.provider !== undefined) requireForge(given.provider, url, forges, "credentials.provider");
  const isHttps = url.startsWith("https:");
  if (given.type === "ssh") {
    if (!isHttps) return given;
    throw unfit(
      "credentials.type",
      `'${url}' is reached over https, where no SSH key is asked for.`,
      "Use an ssh URL, or give a token.",
    );
  }
  if (!isHttps)
    throw unfit("credentials.type", `'${url}' is reached over ssh, where no token is asked for.`, "Use its https URL.");
  // It goes into a header; what ends a line there could begin another.
  if (/^[\x21-\x7e]{1,4096}$/.test(given.token)) return given;
  throw unfit(
    "credentials.token",
    "The token is empty, or has characters that no token has.",
    "Give it as the forge showed it.",
  );
}

/** Throws `invalid_input` where no forge of this kind serves the URL: a secret must not go anywhere else. */
export function requireForge(provider: string, url: string, forges: readonly Forge[], field: string): void {
  if (forges.some((forge) => forge.provider === provider && forge.serves(url))) return;
  throw unfit(
    field,
    `'${url}' is not at the ${provider} that is known here.`,
    `Leave ${field} out, or configure that forge.`,
  );
}

function unfit(field: string, message: string, next: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", { message, next, data: { field } });
}
