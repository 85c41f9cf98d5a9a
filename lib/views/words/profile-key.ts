/** A map key for (system, source_id); neither may hold a NUL. */
export const profileKey = (system: string, sourceId: string): string => `${system}\0${sourceId}`;
