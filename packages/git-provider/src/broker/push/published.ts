export interface Published {
  /** Tips of branches that the worker knows of already. */
  knownTips: () => Promise<readonly string[]>;
  /** Tips of the branches that the forge has now. */
  tips: () => Promise<readonly string[]>;
  /** Whether what is known leads from these to the commit; undefined where it is not enough to tell. */
  leads: (tips: readonly string[], commit: string) => Promise<boolean | undefined>;
  /** Makes known what leads to these. */
  know: (tips: readonly string[]) => Promise<void>;
}

/** As many branches as are looked below for a commit that is at none of them. */
const MAX_TIPS = 500;

/**
 * Tells whether a commit is of one of the repository's branches. A forge also has commits that anybody can bring there, such as
 * those of pull requests from elsewhere; what those have, the repository's own people have not taken.
 */
export function createPublished({ knownTips, tips, leads, know }: Published): (commit: string) => Promise<boolean> {
  const told = new Map<string, Promise<boolean>>();

  async function find(commit: string): Promise<boolean> {
    const before = await knownTips();
    if (before.includes(commit) || (await leads(before, commit)) === true) return true;
    const now = await tips();
    if (now.includes(commit) || (await leads(now, commit)) === true) return true;
    await know(now.slice(0, MAX_TIPS));
    return (await leads(now, commit)) === true;
  }

  return (commit) => {
    const asked = told.get(commit) ?? find(commit);
    told.set(commit, asked);
    return asked;
  };
}
