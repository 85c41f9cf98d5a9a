/** Tells pages the path and query of their own address: Next gives a layout neither. */
export const pageHeader = 'x-cutover-page';
