/** How units that leave are chosen: as a share of all of them, or the oldest first. */
export const COST_BASIS_METHODS = ['average', 'fifo'] as const;
export type CostBasisMethod = (typeof COST_BASIS_METHODS)[number];
