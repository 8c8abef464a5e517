import { MoreVertical, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/ui/button.tsx";
import { Checkbox } from "../components/ui/checkbox.tsx";
import { CopyButton } from "../components/ui/copy-button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Kbd } from "../components/ui/kbd.tsx";
import { Label } from "../components/ui/label.tsx";
import { SearchField } from "../components/ui/search-field.tsx";
import { SegmentedControl } from "../components/ui/segmented.tsx";
import { Select } from "../components/ui/select.tsx";
import { Switch } from "../components/ui/switch.tsx";
import { TextField } from "../components/ui/text-field.tsx";
import { Specimen } from "./specimen.tsx";

/** What is pressed, chosen and typed into. */
export function Controls() {
  const [name, setName] = useState("cart-rounding");
  const [span, setSpan] = useState<"hour" | "day">("hour");
  const [runtime, setRuntime] = useState<"docker" | "local">("docker");
  const [search, setSearch] = useState("");
  return (
    <>
      <Specimen
        name="Button"
        file="ui/button.tsx"
        use="One primary button per screen. What destroys is red, and asks first. While its work goes on it is busy."
      >
        <div className="flex flex-wrap items-center gap-2">
          <Button variant="primary">
            <Plus aria-hidden />
            New workspace
          </Button>
          <Button>Stop</Button>
          <Button variant="ghost">Details</Button>
          <Button variant="danger">Delete</Button>
          <Button busy>Saving…</Button>
          <Button disabled>Not now</Button>
          <Button size="small">Small</Button>
          <Button variant="ghost" size="icon" aria-label="More">
            <MoreVertical aria-hidden />
          </Button>
          <CopyButton text="ws shell cart-rounding" label="Copy command" />
        </div>
      </Specimen>
      <Specimen
        name="TextField"
        file="ui/text-field.tsx"
        use="A line of text, its hint, and the refusal in the hint's place."
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" value={name} change={setName} hint="Lower-case letters, digits and hyphens" />
          <TextField label="Branch" value="main..x" change={noChange} error="A branch has no two dots in a row." />
        </div>
      </Specimen>
      <Specimen
        name="Select"
        file="ui/select.tsx"
        use="One of more than five. A segmented control shows up to five at once."
      >
        <div className="flex flex-wrap items-end gap-6">
          <Field label="Runtime" className="w-56">
            {(control) => (
              <Select
                {...control}
                value={runtime}
                change={setRuntime}
                choices={[
                  { value: "docker", label: "Docker" },
                  { value: "local", label: "This machine itself" },
                ]}
              />
            )}
          </Field>
          <SegmentedControl
            label="Span"
            value={span}
            change={setSpan}
            choices={[
              { value: "hour", label: "Hour" },
              { value: "day", label: "Day" },
            ]}
          />
        </div>
      </Specimen>
      <Specimen
        name="Switch"
        file="ui/switch.tsx"
        use="On or off, at once. What is only true after a Save is a checkbox."
      >
        <div className="flex flex-wrap items-center gap-6">
          <span className="flex items-center gap-2.5">
            <Switch id="notify" defaultChecked />
            <Label htmlFor="notify">Tell me when a task needs me</Label>
          </span>
          <span className="flex items-center gap-2.5">
            <Switch id="off" disabled />
            <Label htmlFor="off">Not on this worker</Label>
          </span>
          <span className="flex items-center gap-2.5">
            <Checkbox id="draft" defaultChecked />
            <Label htmlFor="draft">Draft</Label>
          </span>
          <span className="flex items-center gap-2.5">
            <Checkbox id="some" checked="indeterminate" />
            <Label htmlFor="some">Some of them</Label>
          </span>
        </div>
      </Specimen>
      <Specimen
        name="SearchField"
        file="ui/search-field.tsx"
        use="Filters what is in sight, as it is typed. Escape empties it."
      >
        <div className="flex flex-wrap items-center gap-4">
          <SearchField label="Filter workspaces" value={search} change={setSearch} className="w-72" />
          <Kbd keys="Ctrl K" />
        </div>
      </Specimen>
    </>
  );
}

function noChange(): void {}
