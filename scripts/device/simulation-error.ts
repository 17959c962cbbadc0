/** What keeps a simulated device from its work, in words for whoever started it. */
export class SimulationError extends Error {}
