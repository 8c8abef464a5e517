import { isWsError, WsError } from "../errors.ts";
import { repositoryKeyOf } from "../repository-place.ts";
import type { Records } from "../records.ts";
import type { Repository } from "../workspace.ts";
import { toExecute, type Executed } from "./execute.ts";
import type { PolicyLayer } from "./layers.ts";
import { createPolicy, type Policy } from "./policy.ts";
import { parseRules, POLICY_KEYS, type PolicyKey, type PolicyRules } from "./rules.ts";

/** Rules that hold for every workspace of a repository, by the repository's key; on disk once a call has returned. */
export interface RepositoryPolicyStore {
  get(repository: string): PolicyRules | undefined;
  /** Undefined takes them away. */
  set(repository: string, rules: PolicyRules | undefined): void;
  /** By key. */
  list(): { repository: string; rules: PolicyRules }[];
}

/** What is set anew, and what is taken back. */
export interface PolicyChange {
  set?: PolicyRules;
  unset?: readonly string[];
}

/** Where a policy is set, and read. */
export interface Policies {
  /** Of the workspace's repository, its own, then the given ones: a token's. Throws `workspace_not_found`. */
  of(name: string, further?: readonly PolicyLayer[]): Policy;
  /** Throws `workspace_not_found`, `invalid_input`. */
  change(name: string, change: PolicyChange): Policy;
  /** Throws `command_not_allowed` where a rule, or one of the further ones, names the programs that may be run and this is none; `workspace_not_found`. */
  demandExecute(name: string, what: Executed, further?: readonly PolicyLayer[]): void;
  /** The same for a workspace that is not there yet, by the rules of what is to be cloned into it. */
  demandExecuteOf(clone: string, what: Executed, further?: readonly PolicyLayer[]): void;
  /**
   * Throws `command_not_allowed` where a rule of the workspace, which need not be there yet, of what is cloned into it, or one of the further ones names the
   * programs that may be run, and one of these variables, which all of them are given, would have them run others.
   */
  demandVariables(
    asked: { name: string; clone?: string | undefined; env?: Readonly<Record<string, string>> | undefined },
    further?: readonly PolicyLayer[],
  ): void;
  repositories(): { repository: string; rules: PolicyRules }[];
  /** By any URL of the repository. Throws `invalid_clone_url`, `invalid_input`. */
  changeRepository(url: string, change: PolicyChange): { repository: string; rules: PolicyRules };
}

export function createPolicies(options: { records: Records; store: RepositoryPolicyStore }): Policies {
  const { records, store } = options;

  function of(name: string, further: readonly PolicyLayer[] = []): Policy {
    const record = records.get(name);
    const own = layer("workspace", record.name, record.policy);
    return createPolicy([...ofRepository(record.repository), ...own, ...further], record.name);
  }

  function ofRepository(repository: Repository | undefined): PolicyLayer[] {
    return repository === undefined ? [] : ofUrl(repository.url);
  }

  function ofUrl(url: string): PolicyLayer[] {
    const key = keyOf(url);
    return key === undefined ? [] : layer("repository", key, store.get(key));
  }

  function layersOf(name: string): readonly PolicyLayer[] {
    try {
      return of(name).layers;
    } catch (error) {
      if (isWsError(error, "workspace_not_found")) return [];
      throw error;
    }
  }

  return {
    of,
    change(name, change) {
      const { id } = records.get(name);
      records.change(id, ({ policy, ...record }) => {
        const rules = changed(policy, change);
        return isEmpty(rules) ? record : { ...record, policy: rules };
      });
      return of(name);
    },
    demandExecute: (name, what, further) => of(name, further).demand(toExecute(what, records.get(name).env)),
    demandExecuteOf: (clone, what, further = []) => createPolicy([...ofUrl(clone), ...further]).demand(toExecute(what)),
    demandVariables({ name, clone, env = {} }, further = []) {
      const layers = [...layersOf(name), ...(clone === undefined ? [] : ofUrl(clone)), ...further];
      createPolicy(layers, name).demand({ act: "give", variables: Object.keys(env) });
    },
    repositories: () => store.list(),
    changeRepository(url, change) {
      const repository = repositoryKeyOf(url);
      const rules = changed(store.get(repository), change);
      store.set(repository, isEmpty(rules) ? undefined : rules);
      return { repository, rules };
    },
  };
}

/** Of a worker that keeps none. */
export function createMemoryPolicyStore(): RepositoryPolicyStore {
  const kept = new Map<string, PolicyRules>();
  return {
    get: (repository) => kept.get(repository),
    set(repository, rules) {
      if (rules === undefined) kept.delete(repository);
      else kept.set(repository, rules);
    },
    list: () =>
      [...kept]
        .map(([repository, rules]) => ({ repository, rules }))
        .sort((a, b) => (a.repository < b.repository ? -1 : 1)),
  };
}

function layer(of: PolicyLayer["of"], name: string, rules: PolicyRules | undefined): PolicyLayer[] {
  return rules === undefined || isEmpty(rules) ? [] : [{ of, name, rules }];
}

function changed(rules: PolicyRules = {}, { set = {}, unset = [] }: PolicyChange): PolicyRules {
  const stranger = unset.find((key) => !(POLICY_KEYS as readonly string[]).includes(key));
  const kept = { ...rules };
  for (const key of unset) delete kept[key as PolicyKey];
  return parseRules({ ...kept, ...(stranger === undefined ? {} : { [stranger]: true }), ...set });
}

function isEmpty(rules: PolicyRules): boolean {
  return Object.keys(rules).length === 0;
}

/** What lies at no place that a key could be made of has no rules either. */
function keyOf(url: string): string | undefined {
  try {
    return repositoryKeyOf(url);
  } catch (error) {
    if (error instanceof WsError || error instanceof URIError) return undefined;
    throw error;
  }
}
