import { frozen } from "../frozen.ts";
import type { Change, Project } from "../projects/project.ts";
import { createProjects, type Projects } from "../projects/projects.ts";
import type { ChangeStore, ProjectStore } from "../projects/stores.ts";

/** Projects that are forgotten when the process ends; they pass the same suite as the durable ones. */
export function createMemoryProjectStore(): ProjectStore {
  const projects = new Map<string, Project>();
  return {
    names: () => [...projects.keys()].sort(),
    read: (name) => projects.get(name),
    write: (project) => void projects.set(project.name, frozen(structuredClone(project))),
    remove: (name) => void projects.delete(name),
    file: (name) => `memory:${name}`,
  };
}

/** Changes that are forgotten when the process ends; they pass the same suite as the durable ones. */
export function createMemoryChangeStore(): ChangeStore {
  const changes = new Map<string, Change>();
  const key = (project: string, name: string): string => `${project}/${name}`;
  return {
    list: () => [...changes.keys()].sort().flatMap((one) => changes.get(one) ?? []),
    put: (change) => void changes.set(key(change.project, change.name), frozen(structuredClone(change))),
    remove: (project, name) => void changes.delete(key(project, name)),
  };
}

/** Projects in memory, with a clock that stands still. */
export function createMemoryProjects(now: () => number = () => 1): Projects {
  return createProjects({ store: createMemoryProjectStore(), changes: createMemoryChangeStore(), clock: { now } });
}
