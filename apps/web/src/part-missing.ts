/** The script of a part of this page did not come: the network failed for long, or the worker is another version than the page by now. */
export class PartMissing extends Error {
  constructor(cause: unknown) {
    super("A part of this page did not come from the worker.", { cause });
  }

  /** Lets the next look at the part load it anew, where it is one that keeps its failure. */
  forget: () => void = () => undefined;
}
