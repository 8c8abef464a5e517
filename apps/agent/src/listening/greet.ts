import type { RuntimeStatus } from "@ws/workspace-core";
import { configDirectory } from "../paths.ts";
import { oneTimeLink } from "../rpc/auth.ts";
import type { Services } from "../rpc/context.ts";
import { openBrowser } from "../system/open-browser.ts";
import { inRepository } from "../system/version.ts";
import { banner } from "./banner.ts";

export interface GreetOptions {
  services: Services;
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  runtime: RuntimeStatus & { available: boolean };
  /** How the command line is called from here. */
  command?: string | undefined;
  write: (text: string) => void;
  /** Whether it is written to a person alone, and not to what keeps it. */
  isPrivate: boolean;
  /** Whether to open the dashboard in this machine's browser. */
  open: boolean;
}

/** Tells the person at this terminal where the agent is, and opens the dashboard where that is asked for. */
export function greet(options: GreetOptions): Disposable | undefined {
  const {
    services,
    directory,
    env,
    runtime,
    command = inRepository() ? "./ws" : "ws",
    write,
    isPrivate,
    open,
  } = options;
  const { clock, log, tailnet } = services;
  const usual = configDirectory({ ...env, WS_CONFIG_DIR: "" });
  const elsewhere = directory === usual ? undefined : directory;
  const [there] = tailnet.exposure();
  write(
    banner({
      address: services.dashboard(),
      link: isPrivate ? oneTimeLink(services).url : undefined,
      secured: services.secured(),
      tailnet: there && { name: tailnet.names()[1] ?? there.address, letsIn: there.letsIn },
      runtime,
      command,
      directory: elsewhere,
    }),
  );
  return open ? openBrowser({ url: oneTimeLink(services).url, env, directory, clock, log }) : undefined;
}
