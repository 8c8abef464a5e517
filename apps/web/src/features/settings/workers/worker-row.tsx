import type { WorkerInfo } from "@ws/rpc-contract";
import { ago } from "../../../components/amounts.ts";
import { Button, buttonVariants } from "../../../components/ui/button.tsx";
import { Dot } from "../../../components/ui/dot.tsx";
import { dashboardOf } from "../../../worker-address.ts";
import { stateOf } from "./state-of.ts";

interface WorkerRowProps {
  worker: WorkerInfo;
  /** When it stood so, in milliseconds. */
  at: number;
  mayChange: boolean;
  rename: () => void;
  remove: () => void;
}

export function WorkerRow({ worker, at, mayChange, rename, remove }: WorkerRowProps) {
  const { name, hostname, version, grant, added, state } = worker;
  const { tone, text, next } = stateOf(worker, at);
  const facts = [hostname !== name && hostname, version && `version ${version}`, grant && `lets this hub ${grant}`];
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3.5">
      <Dot tone={tone} className="mt-1.5" />
      <div className="min-w-0 flex-1 basis-52 space-y-0.5 text-[0.8125rem] text-muted">
        <p className="font-mono text-sm font-medium break-all text-ink">{name}</p>
        <p className="break-words">{[text, ...facts].filter(Boolean).join(" · ")}</p>
        <p>Added {ago(added, Math.max(at, Date.parse(added)))}</p>
        {next !== undefined && <p className="break-words">{next}</p>}
      </div>
      <div className="ml-auto flex flex-wrap items-center gap-1">
        {state === "online" && (
          <a
            href={dashboardOf(name)}
            aria-label={`Open ${name}`}
            className={buttonVariants({ size: "small", variant: "ghost" })}
          >
            Open
          </a>
        )}
        {mayChange && (
          <>
            <Button variant="ghost" size="small" aria-label={`Rename ${name}`} onClick={rename}>
              Rename
            </Button>
            <Button size="small" aria-label={`Remove ${name}`} onClick={remove}>
              Remove
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
