import type { DatabaseSync } from "node:sqlite";
import type { PolicyRules, RepositoryPolicyStore } from "@ws/workspace-core";

/** Rules of repositories in the state's database, on disk once a call has returned. */
export function createRepositoryPolicies(db: DatabaseSync): RepositoryPolicyStore {
  const sql = {
    get: db.prepare("SELECT rules FROM repository_policies WHERE repository = ?"),
    list: db.prepare("SELECT repository, rules FROM repository_policies ORDER BY repository"),
    set: db.prepare(
      `INSERT INTO repository_policies (repository, rules) VALUES (?, ?)
       ON CONFLICT (repository) DO UPDATE SET rules = excluded.rules`,
    ),
    remove: db.prepare("DELETE FROM repository_policies WHERE repository = ?"),
  };
  const toRules = (text: unknown): PolicyRules => JSON.parse(String(text)) as PolicyRules;
  return {
    get(repository) {
      const row = sql.get.get(repository);
      return row === undefined ? undefined : toRules(row["rules"]);
    },
    set(repository, rules) {
      if (rules === undefined) sql.remove.run(repository);
      else sql.set.run(repository, JSON.stringify(rules));
    },
    list: () => sql.list.all().map((row) => ({ repository: String(row["repository"]), rules: toRules(row["rules"]) })),
  };
}
