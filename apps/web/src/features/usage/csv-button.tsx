import { usageCsv } from "@ws/rpc-contract/usage-csv";
import { Download } from "lucide-react";
import { useState } from "react";
import { saveFile } from "../../components/save-file.ts";
import { Button } from "../../components/ui/button.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { beginOf, dayOf, ownZone, type Range } from "./range.ts";

/** All of the range as a table for spreadsheets. */
export function CsvButton({ range }: { range: Range }) {
  const { client } = useServices();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const entries = await client.usage.entries({ from: beginOf(range, Date.now()), zone: ownZone() });
      saveFile(new Blob([usageCsv(entries)]), `usage-${dayOf(Date.now())}.csv`);
    } catch (error) {
      toaster.failed("The table was not downloaded", error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" busy={busy} onClick={() => void save()}>
      {!busy && <Download aria-hidden />}
      Download CSV
    </Button>
  );
}
