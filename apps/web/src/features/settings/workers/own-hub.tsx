import { useQuery } from "@tanstack/react-query";
import { Command } from "../../../components/command.tsx";
import { Dot } from "../../../components/ui/dot.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";

const STATES = {
  connected: { tone: "good", label: "Connected" },
  connecting: { tone: "busy", label: "Connecting" },
  refused: { tone: "bad", label: "Refused" },
} as const;

/** How the worker of this page stands with a hub of its own, or how it would come to one. */
export function OwnHub() {
  const { queries } = useServices();
  const { data: info } = useQuery({ ...queries.info.queryOptions(), refetchInterval: 15_000 });
  if (info === undefined) return null;
  const { hub } = info;
  return (
    <Section
      className="mt-8"
      title="Its own hub"
      description="An agent elsewhere that this worker dials out to, so that it is used from there as well."
    >
      {hub === undefined ? (
        <div className="space-y-2 px-4 py-3.5 text-sm">
          <p className="text-muted">
            It dials out to none. Add it at the hub, by these same settings or ws worker add NAME, and start it so; it
            asks for the token:
          </p>
          <Command>ws agent run --hub https://HUB</Command>
        </div>
      ) : (
        <Row label={hub.name} hint={hub.problem ?? <span className="font-mono text-xs break-all">{hub.url}</span>}>
          <span className="flex items-center gap-2">
            <Dot tone={STATES[hub.state].tone} />
            {STATES[hub.state].label}
          </span>
        </Row>
      )}
    </Section>
  );
}
