import { useMutation } from "@tanstack/react-query";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

type Resolved = Awaited<ReturnType<AgentClient["providers"]["peek"]>>;

/** Shows what a reference leads to, and makes nothing of it. */
export function TryReference() {
  const { client } = useServices();
  const [reference, setReference] = useState("");
  const look = useMutation({ mutationFn: (asked: string) => client.providers.peek({ reference: asked }) });
  return (
    <Section title="Try a reference" description="What it would lead to. Nothing is cloned, registered or made.">
      <form
        className="flex flex-wrap items-end gap-3 px-4 py-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (reference.trim() !== "") look.mutate(reference.trim());
        }}
      >
        <div className="min-w-0 flex-1 basis-64">
          <TextField
            label="Reference"
            placeholder="#gh:owner/repository"
            className="font-mono"
            maxLength={4_096}
            value={reference}
            change={(text) => {
              setReference(text);
              look.reset();
            }}
          />
        </div>
        <Button type="submit" busy={look.isPending} disabled={reference.trim() === ""}>
          Resolve
        </Button>
      </form>
      {look.error !== null && (
        <div className="p-4">
          <Notice tone="bad" title="It leads nowhere" urgent>
            <ProblemText problem={toProblem(look.error)} />
          </Notice>
        </div>
      )}
      {look.data !== undefined && <Facts resolved={look.data} />}
    </Section>
  );
}

function Facts({ resolved }: { resolved: Resolved }) {
  const { workflowType, projectName, projectFile, primaryWorkspaceDir, cloneUrl, checkoutTarget, allocates, extra } =
    resolved;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Kind", workflowType],
    ["Project", projectName],
    ["Project file", projectFile],
    ["Directory on the worker", primaryWorkspaceDir],
    ["Workspaces clone", cloneUrl],
    ["Branch", checkoutTarget ?? "the default one"],
    ["Numbered workspaces", allocates ? "handed out for it" : "none"],
    ...Object.entries(extra),
  ];
  return (
    <dl
      aria-label="What it leads to"
      className="grid gap-x-6 gap-y-1.5 px-4 py-4 text-sm sm:grid-cols-[max-content_1fr]"
    >
      {facts.map(([label, value]) =>
        value === undefined ? null : (
          <div key={label} className="contents">
            <dt className="text-muted max-sm:mt-1.5">{label}</dt>
            <dd className="min-w-0 font-mono text-[0.8125rem] leading-5 break-all">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
