import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Command } from "../../../components/command.tsx";

/** How it is reached from a command line and by other programs. */
export function Reach({ workspace: { name, ports } }: { workspace: WorkspaceInfo }) {
  const ways: [string, string][] = [
    ["A shell in it", `ws shell ${name}`],
    ["SSH, once 'ws ssh-config' was run on your device", `ssh ${name}.ws`],
    ["Your editor", `ws open ${name} code`],
    ["What stands on this page", `ws info ${name}`],
  ];
  return (
    <section aria-labelledby="reach">
      <h2 id="reach" className="font-semibold">
        How to reach it
      </h2>
      <p className="mb-3 text-[0.8125rem] text-muted">
        {ports.ssh === 0
          ? "From any device that is paired with the worker."
          : `From any device that is paired with the worker; on the worker itself SSH answers at 127.0.0.1:${ports.ssh}.`}
      </p>
      <dl className="space-y-2.5">
        {ways.map(([what, command]) => (
          <div key={command}>
            <dt className="mb-1 text-[0.8125rem] text-muted">{what}</dt>
            <dd>
              <Command>{command}</Command>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
