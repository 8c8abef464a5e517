import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { DialogFrame } from "../../../components/dialog-frame.tsx";
import type { DeviceInfo } from "@ws/rpc-contract";
import { Foot } from "../../../components/foot.tsx";
import { lazyPart } from "../../../components/lazy-part.ts";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { useMay } from "../scope.ts";
import { SettingsHeader } from "../settings-header.tsx";
import { DeviceRow } from "./device-row.tsx";
import { RenameDeviceDialog } from "./rename-device-dialog.tsx";
import { RevokeDevicesDialog } from "./revoke-devices-dialog.tsx";

const PairDialog = lazyPart(() => import("./pair-dialog.tsx"));

type Asked =
  | { what: "pair" }
  | { what: "rename"; device: DeviceInfo }
  | { what: "revoke"; devices: readonly DeviceInfo[] };

/** Who was let in, and letting one more in. */
export default function DevicesSection() {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  const mayPair = useMay("admin");
  const [asked, setAsked] = useState<Asked>();
  const list = useQuery({ ...queries.devices.list.queryOptions(), refetchInterval: EVERY_MS });
  const listAgain = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: queries.devices.list.key() }),
    [queryClient, queries],
  );
  const close = () => setAsked(undefined);
  const own = list.data?.filter((device) => device.own) ?? [];
  const others = list.data?.filter((device) => !device.own) ?? [];
  const rename = (device: DeviceInfo) => setAsked({ what: "rename", device });
  const revoke = (...devices: DeviceInfo[]) => setAsked({ what: "revoke", devices });

  return (
    <>
      <SettingsHeader
        actions={
          mayPair && (
            <Button variant="primary" onClick={() => setAsked({ what: "pair" })}>
              <Plus aria-hidden />
              Pair a device
            </Button>
          )
        }
      />
      <FailedQuery query={list} title="The devices could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {list.data !== undefined && (
        <>
          <Section title="This browser">
            {own.length === 0 ? (
              <p className="px-4 py-3 text-sm text-muted">
                It came in with a token that was pasted, and is no device. That token stands under Tokens.
              </p>
            ) : (
              own.map((device) => <DeviceRow key={device.id} {...{ device, rename }} />)
            )}
          </Section>
          <Section
            title="Other devices"
            actions={
              others.length > 1 && (
                <Button size="small" onClick={() => revoke(...others)}>
                  Revoke all others
                </Button>
              )
            }
          >
            {others.map((device) => (
              <DeviceRow key={device.id} {...{ device, rename, revoke }} />
            ))}
            {others.length === 0 && (
              <p className="px-4 py-3 text-sm text-muted">
                {mayPair ? "No other device was let in." : "A device without the scope admin sees itself alone."}
              </p>
            )}
          </Section>
        </>
      )}
      <Foot commands={["ws devices", "ws pair"]} />
      {asked?.what === "pair" && (
        <DialogFrame close={close}>
          <PairDialog close={close} onPaired={listAgain} />
        </DialogFrame>
      )}
      {asked?.what === "rename" && <RenameDeviceDialog device={asked.device} close={close} onRenamed={listAgain} />}
      {asked?.what === "revoke" && <RevokeDevicesDialog devices={asked.devices} close={close} onRevoked={listAgain} />}
    </>
  );
}

/** When they were used last changes no more often than every minute. */
const EVERY_MS = 30_000;
