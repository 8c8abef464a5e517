import { CliError, EXIT } from "../errors.ts";
import { isWorkerName } from "../worker-name.ts";

/** What a host name of ours means: `NAME.ws` on the device's own worker, `NAME.WORKER.ws` on another. */
export interface HostMeant {
  workspace: string;
  worker?: string;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws a `CliError`: nothing else that SSH is told may reach anything. */
export function parseHost(host: string): HostMeant {
  const [, workspace = "", worker] = /^([^.]+)(?:\.(.+))?\.ws$/.exec(host.toLowerCase()) ?? [];
  if (LABEL.test(workspace) && (worker === undefined || isWorkerName(worker))) {
    return { workspace, ...(worker === undefined ? {} : { worker }) };
  }
  throw new CliError("usage", "This is not the host name of a workspace.", {
    next: "Use NAME.ws, or NAME.WORKER.ws on another worker: ssh demo.ws.",
    exit: EXIT.usage,
  });
}
