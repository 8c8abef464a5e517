import { FolderOpen } from "lucide-react";
import { Command } from "../components/command.tsx";
import { LoadingLines } from "../components/loading-lines.tsx";
import { Notice } from "../components/notice.tsx";
import { ProblemText } from "../components/problem-text.tsx";
import { Badge } from "../components/ui/badge.tsx";
import { Button } from "../components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "../components/ui/data-table.tsx";
import { Dot } from "../components/ui/dot.tsx";
import { EmptyState } from "../components/ui/empty-state.tsx";
import { Meter } from "../components/ui/meter.tsx";
import { Page, PageHeader, Row, Section } from "../components/ui/page.tsx";
import { Stat } from "../components/ui/stat.tsx";
import { Specimen } from "./specimen.tsx";

const ROWS = [
  { name: "cart-rounding", tone: "good", word: "Running", cpu: "12 %", memory: "412 MB" },
  { name: "invoice-export", tone: "busy", word: "Creating", cpu: "–", memory: "–" },
  { name: "flaky-login-test", tone: "bad", word: "Failed", cpu: "–", memory: "–" },
] as const;

/** What pages are put together from, and how they say that there is nothing, not yet, or no more. */
export function Shapes() {
  return (
    <>
      <Specimen
        name="Page"
        file="ui/page.tsx"
        use="PageHeader, then Sections of Rows divided by lines. Never a box within a box."
      >
        <div className="flex h-96 flex-col overflow-hidden rounded-xl border border-line">
          <Page>
            <PageHeader
              title="Devices"
              description="Who may use this worker, and since when."
              actions={<Button variant="primary">Pair a device</Button>}
            />
            <Section title="This worker" description="Everything here takes effect at once.">
              <Row label="Name" hint="What other machines call it">
                <span className="font-mono">desk</span>
              </Row>
              <Row label="Memory">
                <span className="tabular-nums">3.2 of 8 GB</span>
                <Meter label="Memory" value={3.2} max={8} text="3.2 of 8 GB" className="w-28" />
              </Row>
              <Row label="Address">
                <Badge tone="warn">Open to the network</Badge>
              </Row>
            </Section>
          </Page>
        </div>
      </Specimen>
      <Specimen name="Stat" file="ui/stat.tsx" use="The few numbers that a page is opened for.">
        <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
          <Stat label="Running" value="7" note="of 12" />
          <Stat label="Need you" value="2" />
          <Stat label="Today" value="$4.18" note="budget $20" />
        </dl>
      </Specimen>
      <Specimen
        name="DataTable"
        file="ui/data-table.tsx"
        use="Rows with several figures each. It scrolls by itself, never the page."
      >
        <DataTable label="Workspaces">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Status</Th>
              <Th figure>CPU</Th>
              <Th figure>Memory</Th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ name, tone, word, cpu, memory }) => (
              <Tr key={name}>
                <Td className="font-mono font-semibold">{name}</Td>
                <Td>
                  <span className="inline-flex items-center gap-2">
                    <Dot tone={tone} />
                    {word}
                  </span>
                </Td>
                <Td figure>{cpu}</Td>
                <Td figure>{memory}</Td>
              </Tr>
            ))}
          </tbody>
        </DataTable>
      </Specimen>
      <Specimen
        name="EmptyState"
        file="ui/empty-state.tsx"
        use="Where nothing is yet: what would be here, and the first step."
      >
        <EmptyState
          Icon={FolderOpen}
          title="No workspaces yet"
          action={<Button variant="primary">New workspace</Button>}
          command="ws start demo --clone github.com/you/project"
        >
          A workspace is a machine of its own with your repository in it.
        </EmptyState>
      </Specimen>
      <Specimen
        name="Notice"
        file="notice.tsx"
        use="What is the matter, what follows from it, and the next step. Never a code alone."
      >
        <div className="space-y-3">
          <Notice tone="warn" title="The worker has 1.8 GB of disk left">
            <p className="text-muted">New workspaces are refused below 2 GB. Delete what you no longer need.</p>
          </Notice>
          <Notice tone="bad" title="It was not created">
            <ProblemText
              problem={{
                code: "REPOSITORY_NOT_FOUND",
                message: "Repository not found: github.com/you/projct.",
                next: "Look at the spelling, or set a credential that may read it.",
              }}
            />
          </Notice>
          <Command>ws shell cart-rounding</Command>
        </div>
      </Specimen>
      <Specimen
        name="LoadingLines"
        file="loading-lines.tsx"
        use="Stands where lines will be, at their height, so that nothing moves."
      >
        <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} />
      </Specimen>
    </>
  );
}
