import { clsx } from "clsx";

/**
 * Class names, without merging: a component has variants where it can look different, so that no two classes set
 * one property.
 */
export const cn = clsx;
