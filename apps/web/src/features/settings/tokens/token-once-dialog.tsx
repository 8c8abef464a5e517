import { Command } from "../../../components/command.tsx";
import { useServices } from "../../../services.ts";
import { SecretOnceDialog } from "../secret-once-dialog.tsx";

interface TokenOnceDialogProps {
  name: string;
  token: string;
  forMetrics: boolean;
  close: () => void;
}

/** A token, and how it is used from where this page was reached. */
export function TokenOnceDialog({ name, token, forMetrics, close }: TokenOnceDialogProps) {
  const { worker } = useServices();
  const { origin, host } = location;
  return (
    <SecretOnceDialog
      title={`The token '${name}'`}
      description="It is shown only now. Put it where its program reads it, and nowhere else."
      secret={token}
      close={close}
    >
      {worker !== undefined ? (
        <p>
          It is good at <span className="font-mono">{worker}</span> itself, and not at the hub that this page is of.
        </p>
      ) : (
        <>
          <p>With the token in WS_TOKEN:</p>
          {forMetrics ? (
            <Command>{`curl -H "Authorization: Bearer $WS_TOKEN" ${origin}/metrics`}</Command>
          ) : (
            <>
              <Command>{`WS_WORKER=${origin.startsWith("https:") ? origin : host} ws list`}</Command>
              <Command>{`curl -H "Authorization: Bearer $WS_TOKEN" ${origin}/api/workspaces`}</Command>
            </>
          )}
        </>
      )}
    </SecretOnceDialog>
  );
}
