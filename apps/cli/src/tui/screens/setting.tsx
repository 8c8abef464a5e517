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
  const [value, setValue] = useState(() => settingText(setting.value));
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
      actions={value === settingText(setting.value) ? {} : { save }}
    >
      <Words pieces={[setting.description]} rows={6} />
      <Line pieces={[" "]} />
      <Facts
        width={TITLE_WIDTH}
        facts={[
          ["Now", settingText(setting.value) || "not set", "muted"],
          ["Default", settingText(setting.default) || "none", "muted"],
        ]}
      />
      <Field title="Value" value={value} placeholder="text, or JSON" focused onInput={setValue} />
    </Page>
  );
}
