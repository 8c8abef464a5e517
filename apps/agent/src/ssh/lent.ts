/** Whose SSH agents the programs of each workspace can sign with now. */
export interface LentAgents {
  /** Until what is returned is called. */
  add(workspace: string, who: string): () => void;
  /** Each once, in the order in which they came; the same array until somebody comes or goes. */
  of(workspace: string): readonly string[];
}

const NOBODY: readonly string[] = [];

export function createLentAgents(): LentAgents {
  const lent = new Map<string, { who: string }[]>();
  const told = new Map<string, readonly string[]>();

  function changed(workspace: string): void {
    const all = [...new Set((lent.get(workspace) ?? []).map(({ who }) => who))];
    if (all.length > 0) told.set(workspace, all);
    else {
      lent.delete(workspace);
      told.delete(workspace);
    }
  }

  return {
    add(workspace, who) {
      const one = { who };
      lent.set(workspace, [...(lent.get(workspace) ?? []), one]);
      changed(workspace);
      return () => {
        lent.set(
          workspace,
          (lent.get(workspace) ?? []).filter((other) => other !== one),
        );
        changed(workspace);
      };
    },
    of: (workspace) => told.get(workspace) ?? NOBODY,
  };
}
