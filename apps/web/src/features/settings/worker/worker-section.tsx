import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Setting } from "@ws/rpc-contract";
import { Command } from "../../../components/command.tsx";
import { useKept } from "../../../components/kept-context.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { areasOf } from "./find-in.ts";
import { SettingRow } from "./setting-row.tsx";

/** Every setting of the worker, from its own table: a new one is here without this page knowing of it. */
export default function WorkerSection() {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  const [text, setText] = useState("");
  const [waiting = [], setWaiting] = useKept<readonly string[]>("settings that wait for a start");
  const list = useQuery(queries.config.settings.list.queryOptions());
  const areas = useMemo(() => areasOf(list.data ?? [], text), [list.data, text]);

  const onChanged = (setting: Setting) => {
    queryClient.setQueryData<Setting[]>(queries.config.settings.list.queryKey(), (all) =>
      all?.map((one) => (one.key === setting.key ? setting : one)),
    );
    // One may be judged by another.
    void queryClient.invalidateQueries({ queryKey: queries.config.settings.list.key() });
    if (setting.restart) setWaiting([...new Set([...waiting, setting.key])]);
  };

  return (
    <>
      <SettingsHeader />
      <SearchField label="Find among these settings" value={text} change={setText} className="mb-6" />
      {waiting.length > 0 && (
        <Notice tone="warn" title="Some of it takes effect at the worker's next start" className="mb-6">
          <p className="mb-2 break-words text-muted">
            Changed here: <span className="font-mono text-[0.8125rem]">{waiting.join(", ")}</span>. Workspaces and what
            runs in them go on meanwhile.
          </p>
          <Command>ws agent restart</Command>
        </Notice>
      )}
      <FailedQuery query={list} title="The settings could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {areas.map(({ name, settings }) => (
        <Section key={name} title={name}>
          {settings.map((setting) => (
            <SettingRow key={setting.key} setting={setting} onChanged={onChanged} />
          ))}
        </Section>
      ))}
      {list.data !== undefined && areas.length === 0 && (
        <p role="status" className="text-sm text-muted">
          No setting of the worker has that in its name or description.
        </p>
      )}
      <Foot commands={["ws config list", "ws config set KEY VALUE", "ws config unset KEY"]} />
    </>
  );
}
