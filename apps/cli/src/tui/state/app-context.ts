import type { Setting } from "@ws/rpc-contract";
import { createContext, useContext } from "react";
import type { Target } from "../../target.ts";
import type { ListedWorker } from "../../workers/list-workers.ts";
import type { Session } from "./session.ts";
import type { Readable, Store } from "./store.ts";

/** What is shown, with what it is about. */
export type Route =
  | { screen: "list" }
  | { screen: "workspace"; id: string }
  | { screen: "terminal"; id: string; terminal: string }
  | { screen: "repository" }
  | { screen: "create"; clone: string | undefined }
  /** Of one workspace, or of all. */
  | { screen: "tasks"; workspace: string | undefined }
  | { screen: "inbox" }
  | { screen: "task"; id: string }
  | { screen: "answer"; task: string }
  | { screen: "logs"; id: string }
  | { screen: "settings" }
  | { screen: "setting"; setting: Setting }
  | { screen: "workers" };

/** Which row of a screen is selected, and where it was, for when it goes. */
export interface Place {
  readonly id: string | undefined;
  readonly index: number;
}

/** One answer to a question. */
export interface Choice {
  readonly key: string;
  readonly words: string;
  readonly run: () => void | Promise<void>;
}

/** What is asked before something goes on; any other key means no. */
export interface Question {
  readonly statement: string;
  readonly choices: readonly Choice[];
}

export interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

/** A worker and what leads to it. */
export interface ReachedWorker extends ListedWorker {
  target: Target;
  isShown: boolean;
}

/** The workers that there are, with the one that is shown. */
export interface OtherWorkers {
  list(): Promise<readonly ReachedWorker[]>;
  /** Leaves the one that is shown. Rejects where the other one does not answer, or `signal` ends the wait, and nothing is left then. */
  use(worker: ReachedWorker, signal: AbortSignal): Promise<Session>;
}

/** What every screen is given. */
export interface App {
  readonly session: Session;
  /** What is told to type in a shell, as it can be typed there. */
  asCalled(text: string): string;
  readonly workers: Pick<OtherWorkers, "list">;
  /** Shows that worker from now on. Only the last wish counts, and it ends when another screen is gone to. */
  use(worker: ReachedWorker): Promise<void>;
  readonly notice: Store<Notice | undefined>;
  /** What is asked by the screen that is on top; it goes with it. */
  readonly question: Readable<Question | undefined>;
  /** Asks before something goes on. */
  ask(question: Question): void;
  /** Takes back what is asked. */
  unask(): void;
  /** To be called when a key is heard: whether, by the time the worker answers, that screen is still on top. */
  here(): () => boolean;
  /** To be called when a screen is drawn first: what it had selected when it was left for another above it. */
  place(): { get(): Place | undefined; set(place: Place): void };
  /** Waits for what the worker does to the workspace of that name; where the screens are left meanwhile, it is said that it goes on. */
  during<T>(name: string, work: Promise<T>): Promise<T>;
  open(route: Route): void;
  /** To the inbox, back where it is among the screens before. */
  openInbox(): void;
  /** The list, and this above it. */
  goTo(route: Route): void;
  /** To the screen before; nothing on the first one. */
  back(): void;
  /** To the screen before; leaves from the first one. */
  close(): void;
  quit(): void;
  suspend(): Promise<void>;
  /** Runs what a key is for: what it rejects with is shown as a sentence, what it throws is a defect and ends everything. */
  act(run: () => void | Promise<void>): void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("A screen is drawn without its app.");
  return app;
}
