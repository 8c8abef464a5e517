import type { Change, Project } from "./project.ts";

/** Where projects are kept. Synchronous, because a change and the check before it must be one step. */
export interface ProjectStore {
  /** By name, in alphabetical order; also of files that cannot be read. */
  names(): string[];
  /** Undefined where there is none. Throws `config_invalid`, naming file and line, where there is one that cannot be used. */
  read(name: string): Project | undefined;
  /** Replaces the project of this name; what it returned from is on disk. */
  write(project: Project): void;
  /** One that is gone is success. */
  remove(name: string): void;
  /** Where the project of this name is kept. */
  file(name: string): string;
}

/** Where changes are kept; one of a name per project. */
export interface ChangeStore {
  /** In alphabetical order of project and name. */
  list(): Change[];
  /** Inserts or replaces. */
  put(change: Change): void;
  /** One that is gone is success. */
  remove(project: string, name: string): void;
}
