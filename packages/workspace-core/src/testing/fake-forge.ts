import { WsError } from "../errors.ts";
import type { Forge, ForgeRepositorySummary, ReviewComment } from "../forge.ts";
import type { Clock } from "../ports.ts";
import { createDoor } from "./fake-forge/door.ts";
import type { ForgeFault, HeldRepository } from "./fake-forge/held.ts";
import { fakeRepository } from "./fake-forge/repository.ts";

export type { ForgeFault, HeldPullRequest, HeldRepository } from "./fake-forge/held.ts";
export { FAKE_LOGIN } from "./fake-forge/rules.ts";

export interface FakeForge extends Forge {
  /** Makes a repository, or gives what is there. */
  add(fullName: string, options?: NewRepository): HeldRepository;
  /** Makes a branch with a commit that the default one lacks. */
  push(fullName: string, branch: string, options?: { conflicts?: boolean }): void;
  say(fullName: string, number: number, comment: Omit<ReviewComment, "createdAt" | "url">): void;
  /** Lets in who shows one of these passwords; everybody until the first call. */
  accept(...passwords: string[]): void;
  /** Breaks the next requests, in the order told. */
  fault(fault: ForgeFault): void;
}

export interface NewRepository {
  private?: boolean;
  description?: string;
  defaultBranch?: string;
  drafts?: boolean;
  people?: readonly string[];
  teams?: readonly string[];
}

const HOST = "forge.test";

/** A forge that lives in memory, at `https://forge.test` where it is given no other host. */
export function createFakeForge({ clock, host = HOST }: { clock: Clock; host?: string }): FakeForge {
  const repositories = new Map<string, HeldRepository>();
  const passwords = new Set<string>();
  const accepts = (password: string): boolean => passwords.size === 0 || passwords.has(password);
  const door = createDoor({ host, clock, accepts });
  // Real forges never give two things the same instant in one list, which tests then sort by.
  let instants = 0;
  const instant = (): number => clock.now() + ++instants;

  function repository(fullName: string): HeldRepository {
    const found = repositories.get(fullName.toLowerCase());
    if (found === undefined) throw new Error(`The fake forge has no ${fullName}.`);
    return found;
  }

  return {
    provider: "fake",
    changeLabel: "PR",
    serves: (url) => fullNameOf(url, host) !== undefined,
    open(url, ask) {
      const fullName = fullNameOf(url, host);
      if (fullName === undefined) {
        throw new WsError("forge_unknown", { message: `'${url}' is not at ${host}.`, data: { url } });
      }
      return fakeRepository({
        url,
        fullName,
        ask,
        door,
        clock,
        held(secret) {
          const found = repositories.get(fullName.toLowerCase());
          return found?.private === true && secret === undefined ? undefined : found;
        },
      });
    },
    repositories(ask, { search = "", page, perPage, signal }) {
      return door.enter(ask, signal, (secret) => {
        const words = search.toLowerCase().split(/\s+/);
        const found = [...repositories.values()]
          .filter((one) => secret !== undefined || !one.private)
          .filter((one) => words.every((word) => `${one.fullName} ${one.description}`.toLowerCase().includes(word)))
          .sort((a, b) => b.updatedAt - a.updatedAt);
        const end = page * perPage;
        return { repositories: found.slice(end - perPage, end).map(summaryOf), hasMore: found.length > end };
      });
    },
    add(fullName, options = {}) {
      const { defaultBranch = "main" } = options;
      const made: HeldRepository = {
        fullName,
        url: `https://${host}/${fullName}`,
        defaultBranch,
        updatedAt: instant(),
        private: options.private ?? false,
        description: options.description ?? "",
        drafts: options.drafts ?? true,
        people: options.people ?? [],
        teams: options.teams ?? [],
        labels: new Set(),
        pullRequests: [],
        branches: new Map([[defaultBranch, { ahead: false, conflicts: false, checks: [] }]]),
        comments: new Map(),
      };
      const held = repositories.get(fullName.toLowerCase()) ?? made;
      repositories.set(fullName.toLowerCase(), held);
      return held;
    },
    push(fullName, branch, { conflicts = false } = {}) {
      const held = repository(fullName);
      held.branches.set(branch, { ahead: true, conflicts, checks: [] });
      held.updatedAt = instant();
    },
    say(fullName, number, comment) {
      const { comments, url } = repository(fullName);
      const said = comments.get(number) ?? [];
      const createdAt = instant();
      comments.set(number, [...said, { ...comment, createdAt, url: `${url}/pull/${number}#said-${createdAt}` }]);
    },
    accept: (...given) => given.forEach((password) => passwords.add(password)),
    fault: (fault) => door.fault(fault),
  };
}

function fullNameOf(url: string, host: string): string | undefined {
  const start = `https://${host}/`;
  return url.startsWith(start) ? /^([\w-]+\/[\w.-]+?)(?:\.git)?$/.exec(url.slice(start.length))?.[1] : undefined;
}

function summaryOf(held: HeldRepository): ForgeRepositorySummary {
  const { fullName, url, description, defaultBranch, updatedAt } = held;
  return { fullName, url, description, private: held.private, defaultBranch, updatedAt };
}
