import { ArrowLeft, ArrowRight } from "lucide-react";
import { useNavigate } from "react-router";
import { useVerbs } from "../components/verbs/verbs-context.tsx";
import type { Verb } from "../components/verbs/verbs.ts";
import { useLive } from "../live/live-context.tsx";
import { neighbour } from "./parts.ts";

const WAYS = [
  { step: 1, label: "Next workspace", keys: "]", icon: ArrowRight },
  { step: -1, label: "Previous workspace", keys: "[", icon: ArrowLeft },
] as const;

/** Leads by keys from one workspace to those beside it, to the same part of them. */
export function useNeighbours(name: string, part: string): void {
  const navigate = useNavigate();
  const { workspaces = [] } = useLive();
  useVerbs(() =>
    WAYS.flatMap(({ step, ...way }): Verb[] => {
      const other = neighbour(workspaces, name, step);
      if (other === undefined) return [];
      const run = () => void navigate(`/w/${other.name}/${part}`);
      return [{ id: `workspace.beside.${step}`, group: "Workspaces", detail: other.name, ...way, run }];
    }),
  );
}
