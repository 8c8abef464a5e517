/** Whose manager of services runs the agent: the person's own, or the machine's. */
export type Scope = "user" | "system";

/** How the agent is started, in words that hold wherever they are said. */
export interface Program {
  /** Absolute. */
  node: string;
  /** Options of Node's, then the absolute path of `ws`. */
  words: readonly string[];
}

/** An agent that the machine keeps running. */
export interface Service {
  scope: Scope;
  /** The worker's own directory; absolute. */
  directory: string;
  program: Program;
  /** Of the API and the dashboard; the worker's setting where absent. */
  port?: number;
  /** Whose a service of the machine is. */
  user?: string;
  /** Whether it was made with it that the person's services run while nobody is logged in. */
  lingering?: true;
}

/** What the manager runs. */
export function commandOf({ program, port }: Service): string[] {
  return [program.node, ...program.words, "agent", "run", ...(port === undefined ? [] : ["--port", String(port)])];
}

export interface ServiceState {
  /** In the manager's own word: `active`, `activating`, `failed`, `inactive`, … */
  active: string;
  /** Whether it begins by itself. */
  enabled: boolean;
  /** Of the agent, where it runs. */
  pid?: number;
}

/** What runs services on a machine. What it refuses is thrown as `service_failed`. */
export interface ServiceManager {
  readonly name: "systemd" | "launchd";
  readonly scope: Scope;
  /** Where it looks for the description of the agent's service. */
  readonly file: string;
  describe(service: Service): string;
  /** Throws `service_unavailable` where it does not run. */
  requireThere(): Promise<void>;
  state(): Promise<ServiceState>;
  /** Reads the description, has it begin by itself from now on, and starts it, anew where it runs. Resolves once it is ready, where the manager knows. */
  begin(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it, and has it not begin any more; workspaces go on. One that is not there is success. */
  end(): Promise<void>;
  /** After the description was changed or taken away. */
  forget(): Promise<void>;
}
