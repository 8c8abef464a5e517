import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Notice } from "../../../components/notice.tsx";
import { Page, PageHeader } from "../../../components/ui/page.tsx";
import { CredentialsSection } from "./credentials-section.tsx";
import { EndsSection } from "./ends-section.tsx";
import { FixedSection } from "./fixed-section.tsx";
import { LimitsSection } from "./limits-section.tsx";
import { PolicySection } from "./policy-section.tsx";
import { VariablesSection } from "./variables-section.tsx";
import { WaysInSection } from "./ways-in-section.tsx";

/** What a workspace may use, how long it lives, what it is given, and what may be done in it. */
export default function WorkspaceSettings({ workspace }: { workspace: WorkspaceInfo }) {
  return (
    <Page>
      <PageHeader
        title="Settings"
        description="Of this workspace alone. What all of them have is in the worker's settings."
      />
      {workspace.operation !== undefined && (
        <Notice
          tone="warn"
          title="Something is being done to it just now. What you change waits until that is over."
          className="mb-5"
        />
      )}
      <LimitsSection workspace={workspace} />
      <EndsSection workspace={workspace} />
      <VariablesSection workspace={workspace} />
      <CredentialsSection workspace={workspace} />
      <PolicySection workspace={workspace} />
      <FixedSection workspace={workspace} />
      <WaysInSection workspace={workspace} />
    </Page>
  );
}
