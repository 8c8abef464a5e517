import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ScriptFile } from "@ws/rpc-contract";
import { FileTerminal, Plus } from "lucide-react";
import { useState } from "react";
import { Foot } from "../../../components/foot.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { NewScriptDialog } from "./new-script-dialog.tsx";
import { runAfterStart } from "./run-after-start.ts";
import { RunScripts } from "./run-scripts.tsx";
import { ScriptEditor } from "./script-editor.tsx";

/** What runs in workspaces after each start, and where it is written. */
export default function ScriptsSection() {
  const { queries } = useServices();
  const list = useQuery(queries.config.scripts.files.list.queryOptions());
  const [open, setOpen] = useState<string>();
  const [isMaking, setMaking] = useState(false);
  const files = list.data?.files;
  const make = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden />
      New script
    </Button>
  );
  return (
    <>
      <SettingsHeader actions={files !== undefined && files.length > 0 && make} />
      <FailedQuery query={list} title="The scripts could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {files?.length === 0 && (
        <EmptyState
          Icon={FileTerminal}
          title="No script yet"
          action={make}
          command="ws config set scripts.post_start FILE"
        >
          What is to be installed or set up in every workspace, whatever its repository.
        </EmptyState>
      )}
      {files !== undefined && files.length > 0 && (
        <>
          <Section
            title="After each start"
            description="One after the other, as the workspace's user, in its repository, after the clone and after each start."
          >
            {files.map((file) => (
              <ScriptRow key={file.script} file={file} isOpen={open === file.name} open={setOpen} />
            ))}
          </Section>
          {open !== undefined && <ScriptEditor key={open} name={open} close={() => setOpen(undefined)} />}
          <FailOnError />
          <RunScripts scripts={files.flatMap(({ runs, problem, script }) => (runs && !problem ? [script] : []))} />
          <Foot commands={["ws scripts run NAME"]}>
            They are the files in <code className="font-mono break-all">{list.data?.directory}</code>.
          </Foot>
        </>
      )}
      {isMaking && (
        <NewScriptDialog
          directory={list.data?.directory ?? ""}
          files={files ?? []}
          close={() => setMaking(false)}
          made={setOpen}
        />
      )}
    </>
  );
}

interface ScriptRowProps {
  file: ScriptFile;
  isOpen: boolean;
  open: (name: string | undefined) => void;
}

function ScriptRow({ file, isOpen, open }: ScriptRowProps) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const { script, name, runs, problem } = file;
  const change = useMutation({
    ...runAfterStart(client, script),
    onSuccess: () => cache.invalidateQueries({ queryKey: queries.config.key() }),
    onError: (error) => toaster.failed(`'${name ?? script}' was not changed`, error),
  });
  const on = change.isPending ? change.variables : runs;
  return (
    <Row
      label={
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-mono break-all">{name ?? script}</span>
          {!runs && <Badge>Does not run</Badge>}
        </span>
      }
      hint={
        problem !== undefined ? (
          <span className="text-bad">{problem}</span>
        ) : (
          name === undefined && "It lies elsewhere on the worker, and is edited there."
        )
      }
    >
      {name !== undefined && (
        <Button size="small" aria-expanded={isOpen} onClick={() => open(isOpen ? undefined : name)}>
          {isOpen ? "Close" : "Edit"}
        </Button>
      )}
      <Switch
        aria-label={`Run ${name ?? script} after each start`}
        checked={on}
        disabled={change.isPending}
        onCheckedChange={(next) => change.mutate(next)}
      />
    </Row>
  );
}

function FailOnError() {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const settings = useQuery(queries.config.settings.list.queryOptions()).data;
  const valueOf = (key: string) => settings?.find((setting) => setting.key === key)?.value;
  const change = useMutation({
    mutationFn: async (value: boolean) => {
      await client.config.settings.set({ key: "scripts.fail_on_error", value });
      await cache.invalidateQueries({ queryKey: queries.config.key() });
    },
    onError: (error) => toaster.failed("It was not changed", error),
  });
  if (settings === undefined) return null;
  const seconds = Number(valueOf("scripts.timeoutSeconds"));
  return (
    <Section title="When one fails">
      <Row
        label="A failure fails the start"
        hint={`Otherwise it is a line in the logs. Each script has ${seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`}, and is then ended with all that it began.`}
      >
        <Switch
          aria-label="A failure fails the start"
          checked={change.isPending ? change.variables : valueOf("scripts.fail_on_error") === true}
          disabled={change.isPending}
          onCheckedChange={(next) => change.mutate(next)}
        />
      </Row>
    </Section>
  );
}
