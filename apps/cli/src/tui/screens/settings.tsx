import type { Setting } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo, useState } from "react";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { NOTHING, Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { useLoaded } from "../state/load.ts";
import { settingText, tellWhen } from "./setting-text.ts";

/** Every setting of the worker. One that is a secret is only shown, masked: whoever looks on would read what is typed here. */
export function Settings() {
  const app = useApp();
  const { client } = app.session;
  const [changes, setChanges] = useState(0);
  const question = useMemo(() => ({ client, changes }), [client, changes]);
  const loaded = useLoaded(question, list);
  const settings = loaded.kind === "there" ? loaded.value : NONE;
  const selection = useSelection(settings, idOf);
  const { item } = selection;
  const edit = (setting: Setting): void => {
    if (setting.secret !== true) app.open({ screen: "setting", setting });
  };
  const unset = ({ key }: Setting): void =>
    app.ask({
      statement: `Take '${key}' back to its default?`,
      choices: [
        {
          key: "y",
          words: "unset",
          async run() {
            tellWhen(app, await client.config.settings.unset({ key }));
            setChanges((count) => count + 1);
          },
        },
      ],
    });
  const aboutIt = ({ key, description, secret }: Setting): string =>
    secret === true ? `${description} ${app.asCalled(`Typed unseen: ws config set ${key}.`)}` : description;
  return (
    <Page
      screen="settings"
      path={["settings"]}
      rows={settings.length === 0 ? undefined : selection.keys}
      actions={
        item === undefined
          ? {}
          : {
              ...(item.secret !== true && { edit: () => edit(item) }),
              ...(item.source === "file" && { unset: () => unset(item) }),
            }
      }
    >
      {loaded.kind === "failed" ? (
        <Words pieces={[[loaded.why, "bad"]]} />
      ) : loaded.kind === "loading" ? (
        <Words pieces={[["Asking the worker …", "muted"]]} />
      ) : (
        <Rows columns={COLUMNS} selection={selection} onOpen={edit} />
      )}
      {item !== undefined && <Words pieces={[[aboutIt(item), "muted"]]} rows={3} />}
    </Page>
  );
}

const NONE: readonly Setting[] = [];
const idOf = ({ key }: Setting): string => key;

const COLUMNS: readonly Column<Setting>[] = [
  { title: "SETTING", cell: ({ key }) => key },
  {
    title: "VALUE",
    cell: ({ value }) => settingText(value) || NOTHING,
    tone: ({ source }) => (source === "default" ? "muted" : "plain"),
  },
  { title: "FROM", cell: ({ source, shadowedBy }) => shadowedBy ?? source, tone: () => "muted" },
];

function list({ client }: { client: AgentClient }, signal: AbortSignal): Promise<readonly Setting[]> {
  return client.config.settings.list(undefined, { signal });
}
