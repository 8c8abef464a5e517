import type { AgentClient } from "@ws/rpc-contract/client";
import { workersOf } from "../known-workers.ts";
import type { Io } from "../io.ts";
import type { Candidate } from "./complete.ts";
import type { Kind } from "./kinds.ts";

type Listed = Exclude<Kind, "file" | "none">;

interface Asked {
  client: AgentClient;
  env: Io["env"];
  /** Whose terminals or links are meant. */
  workspace: string | undefined;
  signal: AbortSignal;
}

/** What the worker knows of a kind. Never a secret: names, and what a list shows beside them. */
export async function namesOf(kind: Listed, asked: Asked): Promise<Candidate[]> {
  return LISTS[kind](asked);
}

const LISTS: Readonly<Record<Listed, (asked: Asked) => Promise<Candidate[]>>> = {
  workspace: async ({ client, signal }) =>
    (await client.workspaces.list({}, { signal })).map(({ name, status, repo }) => ({
      value: name,
      about: repo ?? status,
    })),
  terminal: async ({ client, workspace, signal }) => {
    if (workspace === undefined) return [];
    const found = await client.terminals.list({ name: workspace }, { signal });
    return found.map(({ name, title }) => ({ value: name, ...(title === undefined ? {} : { about: title }) }));
  },
  link: async ({ client, workspace, signal }) => {
    if (workspace === undefined) return [];
    const found = await client.terminals.links({ name: workspace }, { signal });
    return found.map(({ id, terminal }) => ({ value: id, about: terminal }));
  },
  task: async ({ client, signal }) =>
    (await client.tasks.list({ limit: 100 }, { signal })).map(({ id, status, title }) => ({
      value: id,
      about: `${status}: ${title}`,
    })),
  worker: async ({ client, signal }) =>
    (await client.workers.list({}, { signal })).map(({ name, state }) => ({ value: name, about: state })),
  "known-worker": async ({ env }) => workersOf(env).all.map(({ name, url }) => ({ value: name, about: url })),
  credential: async ({ client, signal }) =>
    (await client.credentials.list({}, { signal })).map(({ name, type }) => ({ value: name, about: type })),
  token: async ({ client, signal }) =>
    (await client.tokens.list({}, { signal })).map(({ name, scope }) => ({ value: name, about: scope })),
  device: async ({ client, signal }) =>
    (await client.devices.list({}, { signal })).map(({ name, platform }) => ({ value: name, about: platform })),
  project: async ({ client, signal }) =>
    (await client.projects.list({}, { signal })).projects.map(({ name }) => ({ value: name })),
  change: async ({ client, signal }) =>
    (await client.changes.list({}, { signal })).map(({ name, state }) => ({ value: name, about: state })),
  execution: async ({ client, signal }) =>
    (await client.executions.list({}, { signal })).map(({ id }) => ({ value: id })),
  lease: async ({ client, signal }) =>
    (await client.leases.list({}, { signal })).map(({ id, workspace }) => ({ value: id, about: workspace })),
  setting: async ({ client, signal }) =>
    (await client.config.settings.list({}, { signal })).map(({ key }) => ({ value: key })),
};
