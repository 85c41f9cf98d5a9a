import { measureProfile } from '@/lib/services/measure-profile';
import { registry } from '@/lib/steps/registry';
import { serveSteps } from './serve-steps';

serveSteps(registry, measureProfile);
