import { Minus, Plus, RotateCcw } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "../components/ui/button.tsx";
import { Input } from "../components/ui/input.tsx";
import { Row } from "../components/ui/page.tsx";
import { SegmentedControl } from "../components/ui/segmented.tsx";
import { Select } from "../components/ui/select.tsx";
import { Switch } from "../components/ui/switch.tsx";
import { useServices } from "../services.ts";
import { BOUNDS, SCHEME_NAMES, type TerminalLook } from "./look.ts";
import { LookSample } from "./look-sample.tsx";
import { schemeOf } from "./schemes.ts";

const SCROLLBACKS = [1_000, 10_000, 50_000, 100_000];
const counts = new Intl.NumberFormat("en");

/** How terminals look on this device, as rows of a card; each holds at once, in all that are open. */
export default function LookControls() {
  const { terminalLook, theme } = useServices();
  const look = useSyncExternalStore(terminalLook.subscribe, terminalLook.look);
  const shown = useSyncExternalStore(theme.subscribe, theme.shown);
  const { change } = terminalLook;
  const scrollbacks = [...new Set([...SCROLLBACKS, look.scrollback])].toSorted((a, b) => a - b);
  return (
    <>
      <LookSample look={look} theme={shown} />
      <Row label="Colours">
        <Select
          aria-label="Colours"
          className="w-52"
          value={look.scheme}
          change={(scheme) => change({ scheme })}
          choices={SCHEME_NAMES.map((name) => ({ value: name, label: schemeOf(name, shown).label }))}
        />
      </Row>
      <Row label="Font">
        <Select
          aria-label="Font"
          className="w-52"
          value={look.font}
          change={(font) => change({ font })}
          choices={[
            { value: "page", label: "IBM Plex Mono" },
            { value: "system", label: "The system's own" },
            { value: "other", label: "Another of this device" },
          ]}
        />
        {look.font === "other" && (
          <Input
            aria-label="Name of the font"
            placeholder="JetBrains Mono"
            className="w-52"
            value={look.fontName}
            onChange={({ target }) => change({ fontName: target.value })}
          />
        )}
      </Row>
      <Row label="Size">
        <Stepper name="size" look={look} change={change} step={0.5} say={(size) => `${size} px`} />
      </Row>
      <Row label="Line height">
        <Stepper name="lineHeight" look={look} change={change} step={0.05} say={(height) => height.toFixed(2)} />
      </Row>
      <Row label="Cursor">
        <SegmentedControl
          label="Cursor"
          value={look.cursor}
          change={(cursor) => change({ cursor })}
          choices={[
            { value: "block", label: "Block" },
            { value: "bar", label: "Bar" },
            { value: "underline", label: "Line" },
          ]}
        />
      </Row>
      <Row label="Blinking cursor" hint="It stands still where the system asks for less movement.">
        <Switch aria-label="Blinking cursor" checked={look.blink} onCheckedChange={(blink) => change({ blink })} />
      </Row>
      <Row label="Lines kept" hint="How far a terminal can be scrolled back.">
        <Select
          aria-label="Lines kept"
          className="w-52"
          value={String(look.scrollback)}
          change={(lines) => change({ scrollback: Number(lines) })}
          choices={scrollbacks.map((lines) => ({ value: String(lines), label: counts.format(lines) }))}
        />
      </Row>
      <Row label="Copy on select" hint="What is selected with the mouse is copied at once.">
        <Switch
          aria-label="Copy on select"
          checked={look.copyOnSelect}
          onCheckedChange={(copyOnSelect) => change({ copyOnSelect })}
        />
      </Row>
      <Row label="All as it was at first">
        <Button size="small" onClick={terminalLook.reset}>
          <RotateCcw aria-hidden />
          Reset
        </Button>
      </Row>
    </>
  );
}

interface StepperProps {
  name: "size" | "lineHeight";
  look: TerminalLook;
  change: (next: Partial<TerminalLook>) => void;
  step: number;
  say: (value: number) => string;
}

const NAMES = { size: "size", lineHeight: "line height" };

function Stepper({ name, look, change, step, say }: StepperProps) {
  const value = look[name];
  const { least, most } = BOUNDS[name];
  const to = (next: number) => change({ [name]: Number((Math.round(next / step) * step).toFixed(2)) });
  return (
    <span className="flex items-center gap-1">
      <Button
        size="iconSmall"
        aria-label={`Smaller ${NAMES[name]}`}
        disabled={value <= least}
        onClick={() => to(value - step)}
      >
        <Minus aria-hidden />
      </Button>
      <output className="w-16 text-center tabular-nums" aria-label={NAMES[name]}>
        {say(value)}
      </output>
      <Button
        size="iconSmall"
        aria-label={`Larger ${NAMES[name]}`}
        disabled={value >= most}
        onClick={() => to(value + step)}
      >
        <Plus aria-hidden />
      </Button>
    </span>
  );
}
