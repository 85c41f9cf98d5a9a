/** One store with a backend switch of its own, as the env file declares it and as every instance says. */
export type SurfaceReading = {
  name: string;
  title: string;
  variable: string;
  declared: string | null;
  /** Null (unknown): an instance does not answer, or two differ. */
  observed: string | null;
  /** Why observed is unknown or differs from declared, one sentence. */
  cause: string | null;
};

/** What stays where it is on purpose. */
export type StayReading = {
  name: string;
  title: string;
  /** The service's word for where it belongs. */
  is: string;
  /** What the service says; null: nothing, or its instances differ. */
  said: string | null;
  why: string | null;
};

export type SurfaceReadings = { surfaces: SurfaceReading[]; stays: StayReading[] };
