/** A JavaScript file that Node runs. */
export const program: string;
