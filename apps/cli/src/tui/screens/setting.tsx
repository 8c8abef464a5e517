import type { Setting } from "@ws/rpc-contract";
import { useState } from "react";
import { parseValue } from "../../setting-value.ts";
import { Facts } from "../parts/facts.tsx";
import { Field, TITLE_WIDTH } from "../parts/field.tsx";
import { Line, Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { useApp } from "../state/app-context.ts";
import { settingText, tellWhen } from "./setting-text.ts";

/** One setting, and a line for another value; the worker judges it. */
export function EditSetting({ setting }: { setting: Setting }) {
  const app = useApp();
  const now = settingText(setting.value);
  const [proposal, placeholder] = proposalOf(setting, now);
  const [value, setValue] = useState(proposal);
  const save = async (): Promise<void> => {
    const isHere = app.here();
    const changed = await app.session.client.config.settings.set({ key: setting.key, value: parseValue(value) });
    if (isHere()) app.back();
    tellWhen(app, changed);
  };
  return (
    <Page
      screen="setting"
      path={["settings", setting.key]}
      keysFor="input"
      actions={value === now || value === proposal ? {} : { save }}
    >
      <Words pieces={[setting.description]} rows={6} />
      <Line pieces={[" "]} />
      <Facts
        width={TITLE_WIDTH}
        facts={[
          ["Now", now || "not set", "muted"],
          ["Default", settingText(setting.default) || "none", "muted"],
        ]}
      />
      <Field title="Value" value={value} placeholder={placeholder} focused onInput={setValue} />
    </Page>
  );
}

/** What stands in the line, and in its place where nothing does: what is only ever another whole value is not typed behind the one that holds. */
function proposalOf({ takes }: Setting, now: string): [proposal: string, placeholder: string] {
  if (takes?.kind === "switch") return ["", "true or false"];
  if (takes?.kind === "choice") return ["", takes.choices.join(", ")];
  if (takes?.kind === "number") return ["", "a number"];
  return [now, takes?.kind === "text" ? "text" : "text, or JSON"];
}
