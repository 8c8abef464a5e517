import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { lazyPart } from "../../../components/lazy-part.ts";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { PartFrame } from "../../../components/part-boundary.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { SegmentedControl } from "../../../components/ui/segmented.tsx";
import { InstallRow } from "../../../install/install-row.tsx";
import { useServices } from "../../../services.ts";
import type { ThemeChoice } from "../../../theme.ts";
import { SettingsHeader } from "../settings-header.tsx";

const LookControls = lazyPart(() => import("../../../terminal-look/look-controls.tsx"));

const THEMES = [
  { value: "system", text: "System", Icon: Monitor },
  { value: "light", text: "Light", Icon: Sun },
  { value: "dark", text: "Dark", Icon: Moon },
] as const;

/** How the page and its terminals look in this browser. */
export default function AppearanceSection() {
  const { theme } = useServices();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <>
      <SettingsHeader />
      <Section title="Page">
        <Row label="Theme" hint="The system's follows it by day and by night.">
          <SegmentedControl<ThemeChoice>
            label="Theme"
            value={choice}
            change={(next) => theme.choose(next)}
            choices={THEMES.map(({ value, text, Icon }) => ({
              value,
              label: (
                <>
                  <Icon aria-hidden />
                  {text}
                </>
              ),
            }))}
          />
        </Row>
        <Row label="Motion" hint="Where the system asks for less of it, nothing moves here.">
          <span className="text-muted">As the system says</span>
        </Row>
        <InstallRow />
      </Section>
      <Section title="Terminals" description="On this device, in all terminals that are open, at once.">
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56"]} className="px-4 py-3.5" />}>
          <LookControls />
        </PartFrame>
      </Section>
    </>
  );
}
