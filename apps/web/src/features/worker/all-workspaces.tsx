import type { WorkspaceInfo } from "@ws/rpc-contract";
import { GitBranch, SearchX } from "lucide-react";
import { Fragment } from "react";
import { Button } from "../../components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "../../components/ui/data-table.tsx";
import { Dot } from "../../components/ui/dot.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { visible } from "../../components/visible.ts";
import { dashboardOf } from "../../worker-address.ts";
import { matching } from "./matching.ts";

/** A worker with what it has, as far as that is known. */
export interface WorkersPlaces {
  /** Absent for the agent whose page this is. */
  worker?: string | undefined;
  name: string;
  /** How it stands, in a few words. */
  says: string;
  /** Undefined where it was not, or could not be, asked. */
  workspaces: readonly WorkspaceInfo[] | undefined;
  /** Why not. */
  why?: string | undefined;
}

interface AllWorkspacesProps {
  places: readonly WorkersPlaces[];
  text: string;
  change: (text: string) => void;
}

const STATUS = {
  running: { tone: "good", label: "Running" },
  creating: { tone: "busy", label: "Creating" },
  stopped: { tone: "plain", label: "Stopped" },
  error: { tone: "bad", label: "Failed" },
} as const;

/** The workspaces of all workers in one table, by worker. */
export function AllWorkspaces({ places, text, change }: AllWorkspacesProps) {
  const shown = places.map((place) => ({ ...place, rows: matching(place, text) }));
  const isFiltered = text.trim() !== "";
  const visibleOnes = isFiltered ? shown.filter(({ rows }) => rows.length > 0) : shown;
  return (
    <>
      <SearchField
        label="Filter workspaces"
        title="By name, repository, branch, execution or worker; status:stopped"
        value={text}
        change={change}
        className="mb-3 w-full sm:w-80"
      />
      {visibleOnes.length === 0 ? (
        <EmptyState
          Icon={SearchX}
          title="No workspace matches"
          action={<Button onClick={() => change("")}>Clear the filter</Button>}
        >
          Nothing of the filter is in any of their names, repositories, branches, executions or workers.
        </EmptyState>
      ) : (
        <DataTable label="Workspaces of all workers">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Status</Th>
              <Th className="max-sm:hidden">Branch</Th>
              <Th figure className="max-sm:hidden">
                Used
              </Th>
            </tr>
          </thead>
          <tbody>
            {visibleOnes.map(({ worker, name, says, workspaces, why, rows }) => (
              <Fragment key={worker ?? ""}>
                <tr className="border-b border-line bg-raised/60 text-[0.8125rem]">
                  <th scope="rowgroup" aria-label={name} colSpan={4} className="px-4 py-1.5 font-normal">
                    <span className="flex flex-wrap items-baseline gap-x-3">
                      <a href={dashboardOf(worker)} className="rounded-sm font-medium text-ink hover:underline">
                        {name}
                      </a>
                      <span className="text-muted">
                        {says}
                        {workspaces !== undefined && ` · ${count(workspaces.length)}`}
                      </span>
                    </span>
                  </th>
                </tr>
                {rows.map((workspace) => (
                  <Row key={workspace.id} worker={worker} workspace={workspace} />
                ))}
                {rows.length === 0 && why !== undefined && (
                  <tr className="border-b border-line last:border-b-0">
                    <td colSpan={4} className="px-4 py-2.5 text-[0.8125rem] text-muted">
                      {why}
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </DataTable>
      )}
    </>
  );
}

function Row({ worker, workspace }: { worker: string | undefined; workspace: WorkspaceInfo }) {
  const { name, repo, branch, status, lastUsed } = workspace;
  const { tone, label } = STATUS[status];
  return (
    <Tr>
      <Td className="max-w-72 min-w-32">
        <a
          href={`${dashboardOf(worker)}w/${name}`}
          title={repo}
          className="block truncate rounded-sm font-mono text-[0.8125rem] font-semibold text-ink hover:underline pointer-coarse:py-2"
        >
          {name}
        </a>
      </Td>
      <Td className="whitespace-nowrap">
        <span className="inline-flex items-center gap-2 text-[0.8125rem]">
          <Dot tone={tone} />
          {label}
        </span>
      </Td>
      <Td className="max-w-64 text-muted max-sm:hidden">
        {branch !== undefined && (
          <span className="flex min-w-0 items-center gap-1 font-mono text-[0.8125rem]" title={visible(branch)}>
            <GitBranch className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate">{visible(branch)}</span>
          </span>
        )}
      </Td>
      <Td figure className="text-[0.8125rem] whitespace-nowrap text-muted max-sm:hidden">
        <TimeAgo at={lastUsed} />
      </Td>
    </Tr>
  );
}

function count(workspaces: number): string {
  if (workspaces === 0) return "no workspaces";
  return workspaces === 1 ? "1 workspace" : `${workspaces} workspaces`;
}
