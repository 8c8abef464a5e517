/** How long a link to watch a terminal is good for where nothing is said. */
export const SHARED_SECONDS = 3_600;
