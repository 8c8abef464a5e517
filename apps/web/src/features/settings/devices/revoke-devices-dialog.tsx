import type { DeviceInfo } from "@ws/rpc-contract";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useServices } from "../../../services.ts";
import { revokeAll } from "./revoke-all.ts";

interface RevokeDevicesDialogProps {
  devices: readonly DeviceInfo[];
  close: () => void;
  onRevoked: () => void;
}

/** Says what ends with them, and ends it. */
export function RevokeDevicesDialog({ devices, close, onRevoked }: RevokeDevicesDialogProps) {
  const { client } = useServices();
  const [first] = devices;
  const one = devices.length === 1 ? first : undefined;
  const its = one === undefined ? "their" : "its";
  return (
    <ConfirmDialog
      title={one === undefined ? `Revoke ${devices.length} devices?` : `Revoke '${one.name}'?`}
      description={`What ${one === undefined ? "they have" : "it has"} open is closed within seconds: pages, terminals, commands, forwarded ports and previews. Workspaces and tasks go on. ${one?.kind === "tailnet" ? "From then on it needs a token." : "To come back means to pair again."}`}
      action={one === undefined ? `Revoke ${devices.length} devices` : "Revoke"}
      act={async () => {
        const problem = await revokeAll(devices, ({ id }) => client.devices.revoke({ device: id }));
        onRevoked();
        return problem;
      }}
      failure="Not all of it was revoked"
      close={close}
    >
      {one === undefined && (
        <ul className="max-h-40 list-disc space-y-0.5 overflow-y-auto pl-5 text-sm">
          {devices.map(({ id, name, platform }) => (
            <li key={id} className="break-words">
              {name} <span className="text-muted">{platform}</span>
            </li>
          ))}
        </ul>
      )}
      {devices.some(({ sshKey }) => sshKey !== undefined) && (
        <p className="text-sm text-muted">{`It is not known by ${its} SSH key any more either.`}</p>
      )}
    </ConfirmDialog>
  );
}
