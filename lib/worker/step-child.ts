import { measureProfile } from '@/lib/services/measure-profile';
import { readTarget } from '@/lib/services/read-target';
import { registry } from '@/lib/steps/registry';
import { serveSteps } from './serve-steps';

serveSteps(registry, measureProfile, readTarget);
