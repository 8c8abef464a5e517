import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Row, Section } from "../../../components/ui/page.tsx";
import { visible } from "../../../components/visible.ts";

const profiles = {
  person: "For a person: sudo works and the network is open, but for the worker's own machine.",
  agent: "For code that is not trusted: no sudo, no capabilities, and only the hosts that are allowed.",
};

const isolations = {
  container: "Its own files, processes and network, in a container.",
  sandbox: "Its own files and processes, in a sandbox of the worker's user. It shares the machine's network.",
  none: "Nothing separates it from the worker's user: its programs can read all of that user's files.",
};

/** What was chosen when it was made and cannot be otherwise without making another. */
export function FixedSection({ workspace }: { workspace: WorkspaceInfo }) {
  const { profile, isolation, runtime, image, devcontainer, nested, id } = workspace;
  return (
    <Section title="Fixed" description="Chosen when it was made. For anything else make another workspace.">
      <Row label="Profile" hint={runtime === "local" ? undefined : profiles[profile]}>
        {profile}
      </Row>
      <Row label="Isolation" hint={isolations[isolation]}>
        {isolation}
      </Row>
      <Row label="Runtime">{runtime}</Row>
      {runtime !== "local" && (
        <Row label="Image">
          {image === undefined ? (
            <span className="text-muted">the worker&apos;s own</span>
          ) : (
            <span className="font-mono break-all">{visible(image)}</span>
          )}
        </Row>
      )}
      {devcontainer !== undefined && (
        <Row label="Follows">
          <span className="font-mono break-all">{visible(devcontainer)}</span>
        </Row>
      )}
      {nested === true && (
        <Row label="Docker inside" hint="What runs in it has nearly the rights of root on its machine.">
          yes
        </Row>
      )}
      <Row label="Id">
        <span className="font-mono">{id}</span>
      </Row>
    </Section>
  );
}
