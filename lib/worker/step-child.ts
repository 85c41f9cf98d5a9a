import { registry } from '@/lib/steps/registry';
import { serveSteps } from './serve-steps';

serveSteps(registry);
