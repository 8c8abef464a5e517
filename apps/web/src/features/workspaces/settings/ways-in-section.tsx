import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Command } from "../../../components/command.tsx";
import { Section } from "../../../components/ui/page.tsx";

/** What is typed on another device to come in, and to change what is above. */
export function WaysInSection({ workspace: { name } }: { workspace: WorkspaceInfo }) {
  return (
    <Section
      title="On the command line"
      description="SSH takes the keys of this worker's people once 'ws ssh-config' has been run on a device."
      bare
    >
      <div className="grid gap-2 sm:grid-cols-2">
        <Command>{`ws shell ${name}`}</Command>
        <Command>{`ssh ${name}.ws`}</Command>
        <Command>{`ws open ${name} code`}</Command>
        <Command>{`ws update ${name} --memory 4g --ttl 8h`}</Command>
        <Command>{`ws credential status ${name}`}</Command>
        <Command>{`ws policy get ${name}`}</Command>
      </div>
    </Section>
  );
}
